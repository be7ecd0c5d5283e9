// Both pages work without this file. With it: the look at a notice follows what one writes, and one tap copies a text.
"use strict";
(() => {
  const form = document.querySelector("form.compose");
  const look = document.getElementById("look");
  let waiting = 0;
  let asked = null;

  const show = async () => {
    const sent = new URLSearchParams(new FormData(form));
    if (!sent.get("title") || !sent.get("text")) return;
    sent.set("then", "part");
    if (asked) asked.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(form.action, {method: "POST", body: sent, signal: asked.signal, redirect: "error"});
      // A field that can't be read yet gives the whole form: its words are told when a button is pressed.
      if (answer.ok) look.innerHTML = await answer.text();
    } catch (refused) { /* offline, or overtaken by a newer look: the button still works */ }
  };

  if (form && look) {
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(show, 800);
    });
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = label; }, 3000);
    });
  }
})();
