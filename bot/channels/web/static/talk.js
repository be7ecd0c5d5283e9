"use strict";
// The page works without this file. With it: no reload, reading aloud where the browser has a Chinese voice of its own,
// larger letters, printing. What people read stands in the templates: data attributes of <html>, and <template>s.
(() => {
  const root = document.documentElement;
  const said = root.dataset;
  const talk = document.getElementById("talk");
  const input = document.getElementById("text");
  const speech = window.speechSynthesis;

  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", () => act(made));
    return made;
  };

  // Larger letters. Where the browser keeps nothing for us, the choice lasts for this page.
  const kept = (change) => {
    try { return change(window.localStorage); } catch (refused) { return null; }
  };
  const enlarge = (large) => {
    root.classList.toggle("large", large);
    sizer.setAttribute("aria-pressed", String(large));
  };
  const sizer = button(said.large, () => {
    const large = !root.classList.contains("large");
    enlarge(large);
    kept((store) => (large ? store.setItem("large", "1") : store.removeItem("large")));
  });
  enlarge(kept((store) => store.getItem("large")) === "1");
  root.classList.add("js");
  document.querySelector(".top nav").append(sizer);

  // Reading aloud. Only voices on this machine: what is read goes to nobody.
  const voice = () => {
    const voices = speech ? speech.getVoices().filter((one) => /^(zh|cmn)/i.test(one.lang) && one.localService !== false) : [];
    return voices.find((one) => /CN|Hans|cmn/i.test(one.lang)) || voices.find((one) => !/HK|yue/i.test(one.lang));
  };
  const spoken = (article) => {
    const copy = article.cloneNode(true);
    copy.querySelectorAll("form,.tools,.own,.links,.printed,details:not([open])").forEach((one) => one.remove());
    copy.querySelectorAll("a[href^='tel:'] b,a[href^='tel:']").forEach((one) => {
      if (!one.childElementCount) one.textContent = ` ${one.textContent.split("").join(" ")} `;
    });
    return [...copy.querySelectorAll("h1,h2,p,blockquote,figcaption,li")]
      .map((one) => one.textContent.replace(/（[^）]*）|\([^)]*\)|[“”‘’《》〈〉「」〔〕【】[\]①-⑳·]/g, "").replace(/\s+/g, " ").trim())
      .map((one) => (/[。！？：，；]$/.test(one) ? one : `${one}。`)).join("");
  };
  let reading = null;
  const quiet = () => {
    if (reading) reading.textContent = said.read;
    reading = null;
    if (speech) speech.cancel();
  };
  const readAloud = (article) => (pressed) => {
    const again = reading === pressed;
    quiet();
    if (again) return;
    const words = new SpeechSynthesisUtterance(spoken(article));
    words.voice = voice();
    words.lang = words.voice.lang;
    words.rate = 0.9;
    words.onend = words.onerror = () => { if (reading === pressed) quiet(); };
    reading = pressed;
    pressed.textContent = said.stop;
    speech.speak(words);
  };

  const share = () => navigator.share({ title: document.title, url: location.href }).catch(() => {});
  const equip = (article) => {
    const whole = article.classList.contains("whole");
    const tools = [];
    if (voice()) tools.push(button(said.read, readAloud(article)));
    if (whole && navigator.share) tools.push(button(said.send, share));
    if (whole) tools.push(button(said.print, () => window.print()));
    const old = article.querySelector(".tools");
    if (old && old.childElementCount === tools.length) return;
    if (old) old.remove();
    if (!tools.length) return;
    const bar = document.createElement("span");
    bar.className = "tools";
    bar.append(...tools);
    const beside = article.querySelector(".own");
    if (beside) beside.append(bar);
    else article.querySelector(".words,.lead").append(bar);
  };
  const equipAll = () => document.querySelectorAll("[data-said]").forEach(equip);

  // Asking. A form's id makes it count once; whoever asks anew gets a new one.
  const renew = (form) => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    form.querySelector("[name=message_id]").value = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const note = (id) => {
    talk.querySelectorAll(":scope > .wait").forEach((one) => one.remove());
    const template = id && document.getElementById(id);
    if (!template) return;
    talk.append(template.content.cloneNode(true));
    talk.lastElementChild.scrollIntoView({ block: "nearest" });
  };
  const show = (form, answer) => {
    talk.insertAdjacentHTML("beforeend", answer);
    const turn = talk.lastElementChild;
    if ("erased" in turn.dataset) talk.replaceChildren(turn); // nothing is left to be read on a shared phone either
    talk.closest(".room").classList.add("talking");
    document.querySelectorAll(".ask [data-then]").forEach((one) => {
      if (one === input) one.placeholder = one.dataset.then;
      else one.textContent = one.dataset.then;
    });
    equipAll();
    turn.focus({ preventScroll: true });
    turn.scrollIntoView({ block: "start" });
  };
  // The plain way: a whole page, which says what is wrong.
  const plainly = (form, pressed) => {
    if (pressed && pressed.name) {
      const chosen = document.createElement("input");
      Object.assign(chosen, { type: "hidden", name: pressed.name, value: pressed.value });
      form.append(chosen);
    }
    HTMLFormElement.prototype.submit.call(form);
  };
  const send = async (form, pressed) => {
    const body = new URLSearchParams(new FormData(form));
    if (pressed && pressed.name) body.set(pressed.name, pressed.value);
    form.classList.add("busy");
    note("wait");
    try {
      // Not form.action: that is the button called "action".
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "x-part": "answer" } });
      if (!answer.ok) return plainly(form, pressed);
      const html = await answer.text();
      note(null);
      if (form.contains(input)) input.value = "";
      renew(form);
      show(form, html);
    } catch (unreached) {
      note("lost"); // the words stay in the box, and the form's id too: pressing again can't do anything twice
    } finally {
      form.classList.remove("busy");
    }
  };

  let pressed = null; // for browsers that don't tell which button sent a form
  document.addEventListener("click", (event) => { pressed = event.target.closest("button"); }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!talk || !form.matches("[data-ask]") || !window.fetch) return;
    event.preventDefault();
    const by = event.submitter || (pressed && pressed.form === form ? pressed : null);
    if (!document.querySelector(".busy")) send(form, by);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("[data-ask]").forEach(renew);
  });
  window.addEventListener("pagehide", quiet);

  // Printing a card: what is folded is opened, and the address stands under it.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach((one) => { one.open = true; });
    document.querySelectorAll("[data-address]").forEach((one) => { one.textContent = location.href; });
  });
  window.addEventListener("afterprint", () => folded.forEach((one) => { one.open = false; }));

  equipAll();
  if (speech) speech.onvoiceschanged = equipAll;
})();
