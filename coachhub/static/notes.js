// Notes of a session: htmx saves them while somebody types. Here: what is not saved yet stays in this browser, and is sent again.
(() => {
  "use strict";
  const form = document.querySelector("form[data-notes]");
  if (!form) return;
  const prefix = `notes.${form.dataset.notes}`;
  const words = [...form.querySelectorAll("textarea[name]")];
  const page = form.querySelector("input[name=page]");
  const seenOf = (field) => form.querySelector(`input[name="${field.name.replace("text-", "seen-")}"]`);
  const versionOf = (seen) => parseInt(seen, 10);
  const own = page.value;
  const ownKey = `${prefix}.${own}`; // another page of the same session may be open, with words of its own
  const base = new Map(words.map((field) => [field, field.defaultValue])); // what was saved last, as far as this page knows
  let typed = 0, sent = 0, timer = 0, isGoing = false, key = ownKey;

  // A browser that keeps nothing for us still has the page itself.
  function stored() {
    try { return Object.keys(localStorage).filter((name) => name.startsWith(prefix)).map((name) => [name, JSON.parse(localStorage.getItem(name))]); } catch { return []; }
  }
  function keep(more) {
    const touched = words.filter((field) => field.value !== base.get(field)); // what nobody typed in may change elsewhere meanwhile
    const notes = Object.fromEntries(touched.map((field) => [field.name, { text: field.value, seen: seenOf(field).value }]));
    try { localStorage.setItem(key, JSON.stringify({ page: page.value, notes, ...more })); } catch { /* private window */ }
  }
  function forget() { try { localStorage.removeItem(key); } catch { /* private window */ } }

  function tell(name) {
    for (const notice of form.querySelectorAll("[data-notice]")) notice.hidden = notice.dataset.notice !== name;
  }
  function send() { form.dispatchEvent(new Event("again")); }
  function sendSoon() { clearTimeout(timer); timer = setTimeout(send, 5000); }
  function isUnsaved() { return typed !== sent || timer !== 0; }

  // Where a form was sent whole, and its note has moved on and holds the words, or was decided upon, it did arrive.
  function hasArrived({ left, settled = "" }, kept, field) {
    const [level, , shown] = settled.split("."), isSettled = field.name === `text-${level}`;
    const before = versionOf(isSettled ? shown : kept.seen);
    return left && before !== versionOf(seenOf(field).value) && (isSettled || field.value.includes(kept.text.trim()));
  }

  // What was typed and never saved comes back; of several pages, that of one at a time.
  function restore() {
    for (const field of words) field.value = field.defaultValue; // not what the browser remembers of an earlier page
    for (const [name, draft] of stored()) {
      const lost = words.filter((field) => {
        const kept = draft.notes[field.name];
        return kept && kept.text !== field.value && !hasArrived(draft, kept, field);
      });
      key = name;
      if (!lost.length) { forget(); continue; }
      for (const field of lost) [field.value, seenOf(field).value] = [draft.notes[field.name].text, draft.notes[field.name].seen];
      page.value = draft.page; // it may have been saved without an answer
      typed += 1;
      send();
      return;
    }
    key = ownKey;
  }

  form.addEventListener("input", (event) => {
    if (!words.includes(event.target)) return;
    typed += 1;
    keep();
    tell("typing");
  });
  form.addEventListener("submit", ({ submitter }) => { isGoing = true; keep({ left: true, ...(submitter && submitter.name === "settle" && { settled: submitter.value }) }); });
  form.addEventListener("htmx:beforeSend", (event) => { if (event.target === form) { form.dataset.sent = typed; clearTimeout(timer); timer = 0; } });
  form.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "notes-state") return;
    sent = Number(form.dataset.sent);
    forget();
    [key, page.value] = [ownKey, own]; // what it took over from an earlier page is its own from here on
    if (typed === sent && !form.querySelector("[data-left]")) { for (const field of words) base.set(field, field.value); tell("saved"); } else { keep(); if (typed === sent) tell(""); }
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
  // Who leaves in the middle of a word: what reaches us stands there at once on every device, and not only when this one is back.
  addEventListener("pagehide", () => { if (isUnsaved() && !isGoing) navigator.sendBeacon(form.action, new FormData(form)); });
  addEventListener("pageshow", () => { isGoing = false; });
  addEventListener("load", restore);
})();
