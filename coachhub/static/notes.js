// Notes of a session: htmx saves them while somebody types. Here: what is not saved yet stays in this browser, and is sent again.
(() => {
  "use strict";
  const form = document.querySelector("form[data-notes]");
  if (!form) return;
  const key = `notes.${form.dataset.notes}`;
  const words = [...form.querySelectorAll("textarea[name]")];
  const page = form.querySelector("input[name=page]");
  const seenOf = (field) => form.querySelector(`input[name="${field.name.replace("text-", "seen-")}"]`);
  const versionOf = (seen) => parseInt(seen, 10);
  let typed = 0, sent = 0, timer = 0;

  // A browser that keeps nothing for us still has the page itself.
  function stored() { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } }
  function keep(more) {
    const notes = Object.fromEntries(words.map((field) => [field.name, { text: field.value, seen: seenOf(field).value }]));
    try { localStorage.setItem(key, JSON.stringify({ page: page.value, notes, ...more })); } catch { /* private window */ }
  }
  function forget() { try { localStorage.removeItem(key); } catch { /* private window */ } }

  function tell(name) {
    for (const notice of form.querySelectorAll("[data-notice]")) notice.hidden = notice.dataset.notice !== name;
  }
  function send() { form.dispatchEvent(new Event("again")); }
  function sendSoon() { clearTimeout(timer); timer = setTimeout(send, 5000); }
  function isUnsaved() { return typed !== sent || timer !== 0; }

  // What was typed and never saved comes back. Where a form was sent whole and the note has moved on, it was saved.
  function restore() {
    const draft = stored();
    let hasWords = false;
    for (const field of words) {
      field.value = field.defaultValue; // not what the browser remembers of an earlier page
      const kept = draft && draft.notes[field.name];
      if (!kept || kept.text === field.value) continue;
      if (draft.left && versionOf(kept.seen) !== versionOf(seenOf(field).value)) continue;
      field.value = kept.text;
      seenOf(field).value = kept.seen;
      hasWords = true;
    }
    if (!hasWords) { forget(); return; }
    page.value = draft.page;
    typed += 1;
    send();
  }

  form.addEventListener("input", (event) => {
    if (!words.includes(event.target)) return;
    typed += 1;
    keep();
    tell("typing");
  });
  form.addEventListener("submit", () => keep({ left: true }));
  form.addEventListener("htmx:beforeSend", (event) => { if (event.target === form) { form.dataset.sent = typed; clearTimeout(timer); timer = 0; } });
  form.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "notes-state") return;
    sent = Number(form.dataset.sent);
    if (typed === sent && !form.querySelector("[data-left]")) { forget(); tell("saved"); } else { keep(); if (typed === sent) tell(""); }
  });
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    form.addEventListener(failure, (event) => {
      if (event.target !== form) return;
      event.stopPropagation();
      const status = event.detail.xhr ? event.detail.xhr.status : 0;
      tell(status === 401 ? "out" : status >= 400 && status < 500 ? "refused" : "away");
      sendSoon();
    });
  }
  addEventListener("online", () => { if (isUnsaved()) send(); });
  document.addEventListener("visibilitychange", () => { if (isUnsaved()) send(); });
  addEventListener("load", restore);
})();
