"""Voices that a browser may have; headless Chromium has none."""


def speaking(*voices: str) -> str:
    """A script that gives the browser these voices, and writes down what is spoken."""
    return f"""
    const voices = [{",".join(voices)}];
    Object.assign(speechSynthesis, {{ getVoices: () => voices, cancel: () => {{}},
      speak: (one) => {{ window.spoken = one }} }});
    window.SpeechSynthesisUtterance = class {{ constructor(text) {{ this.text = text }} }};
    """


CHINESE = "{ lang: 'zh-CN', name: '婷婷', localService: true }"
UNDERSCORED = "{ lang: 'zh_CN', name: 'Android', localService: true }"
ENGLISH = "{ lang: 'en-GB', name: 'Kate', localService: true }"
ELSEWHERE = "{ lang: 'zh-CN', name: '云', localService: false }"
CANTONESE = "{ lang: 'zh-HK', name: '善怡', localService: true }"
