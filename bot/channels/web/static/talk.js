"use strict";
// The page works without this file. With it: no reload, reading aloud where the browser has a Chinese voice, printing.
(() => {
  const talk = document.getElementById("talk");
  const speech = window.speechSynthesis;

  const voice = () => speech && speech.getVoices().find((one) => /^zh/i.test(one.lang) && one.localService !== false);

  const spoken = (article) => [...article.querySelectorAll("h1,h2,p,blockquote,figcaption,li")]
    .filter((one) => !one.closest("form,.tools,details:not([open])"))
    .map((one) => one.textContent.replace(/（[^）]*）|[①-⑳]/g, "")).join("。");

  const tool = (bar, label, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => act(button));
    bar.append(button);
  };

  const readAloud = (article) => (button) => {
    const speaking = speech.speaking;
    speech.cancel();
    if (speaking) return;
    const words = new SpeechSynthesisUtterance(spoken(article));
    words.voice = voice();
    words.lang = "zh-CN";
    words.rate = 0.9;
    words.onstart = () => { button.textContent = "停下"; };
    words.onend = words.onerror = () => { button.textContent = "读给我听"; };
    speech.speak(words);
  };

  const equip = (article) => {
    article.querySelector(".tools")?.remove();
    const bar = document.createElement("div");
    bar.className = "tools";
    if (voice()) tool(bar, "读给我听", readAloud(article));
    if (article.classList.contains("whole")) tool(bar, "打印这张卡", () => window.print());
    if (bar.childElementCount) article.append(bar);
  };

  const equipAll = () => document.querySelectorAll("[data-said]").forEach(equip);

  const renew = (form) => {
    const once = form.querySelector("[name=message_id]");
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    once.value = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // The plain way: a whole page, which says what is wrong.
  const plainly = (form, button) => {
    if (button?.name) {
      const chosen = document.createElement("input");
      Object.assign(chosen, { type: "hidden", name: button.name, value: button.value });
      form.append(chosen);
    }
    form.submit();
  };

  const send = async (form, button) => {
    const body = new URLSearchParams(new FormData(form));
    if (button?.name) body.set(button.name, button.value);
    form.classList.add("busy");
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "x-part": "answer" } });
      if (!answer.ok) throw new Error(answer.status);
      talk.insertAdjacentHTML("beforeend", await answer.text());
      const input = document.getElementById("text");
      input.value = "";
      renew(form);
      equipAll();
      (talk.querySelector(".asked:last-of-type") ?? talk.lastElementChild).scrollIntoView({ block: "start" });
      document.querySelectorAll(".welcome, .often").forEach((one) => one.remove());
    } catch {
      plainly(form, button);
    } finally {
      form.classList.remove("busy");
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!talk || !form.matches("[data-ask]") || !window.fetch) return;
    event.preventDefault();
    if (!form.classList.contains("busy")) send(form, event.submitter);
  });

  equipAll();
  if (speech) speech.onvoiceschanged = equipAll;
})();
