// Small improvements over pages that already work without any script. No framework, no inline code, no eval.
(() => {
  "use strict";
  const live = () => document.getElementById("live"), say = (text) => { if (live()) live().textContent = text; };

  // A hidden field or a list marked data-timezone starts at the reader's own zone, unless it has a value already.
  function fillZones(root) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const field of zone ? root.querySelectorAll("[data-timezone]") : []) {
      if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === zone)) continue;
      if (!field.value || field.dataset.timezone === "guess") field.value = zone;
    }
  }

  // On a whole page the browser's own autofocus does this; a part that htmx brought needs it from us.
  function focusErrors(root) {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  }

  function revealShare(root) {
    for (const button of navigator.share ? root.querySelectorAll("[data-share]") : []) button.hidden = false;
  }

  // <time data-own="zone of the words before it">: told by the reader's own clock, too, where that differs.
  const told = (mark, timeZone) => new Date(mark.dateTime).toLocaleString(document.documentElement.lang, { weekday: "long", hour: "2-digit", minute: "2-digit", timeZone });

  function enhance(root) {
    for (const mark of root.querySelectorAll("[data-own]")) if (told(mark) !== told(mark, mark.dataset.own)) mark.textContent = mark.dataset.words.replace("…", told(mark));
    fillZones(root);
    revealShare(root);
  }

  // data-copy and data-share hold the text itself, or "#id" of the field or element that has it.
  function textOf(source) {
    const from = source.startsWith("#") && document.querySelector(source);
    if (!from) return source;
    return "value" in from ? from.value : from.textContent.trim();
  }

  // Over plain http there is no clipboard object: the old way, through a field that is selected for a moment.
  function copyTheOldWay(text) {
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }

  async function copy(button) {
    const text = textOf(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copyTheOldWay(text);
      button.focus();
    }
    const label = button.querySelector("[data-label]") || button;
    const before = label.textContent;
    if (button.dataset.copied && before !== button.dataset.copied) {
      label.textContent = button.dataset.copied;
      setTimeout(() => { label.textContent = before; }, 2500);
    }
    say(button.dataset.copied || "");
  }

  function share(button) {
    const title = button.dataset.shareTitle;
    navigator.share({ text: textOf(button.dataset.share), ...(title && { title }) }).catch(() => {}); // closing the sheet is not an error
  }

  const buttonsOf = (form) => [...form.elements].filter((part) => part.type === "submit");

  function rest(form) {
    delete form.dataset.busy;
    for (const button of buttonsOf(form)) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  }

  // Disabled only after the event, so that the pressed button's own name and value still travel.
  function work(form, submitter) {
    form.dataset.busy = "yes";
    setTimeout(() => {
      for (const button of buttonsOf(form)) button.disabled = true;
      if (submitter) submitter.setAttribute("aria-busy", "true");
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.busy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if (form.method === "post" && !(event.submitter && event.submitter.formTarget)) work(form, event.submitter); // else this page stays
  }, true);

  // What a browser kept is asked for anew before it is looked at again: somebody may have signed out meanwhile.
  addEventListener("pageshow", ({ persisted }) => {
    const wasRead = ({ type, transferSize }) => type === "back_forward" && !transferSize;
    if (document.body.matches(".has-nav") && (persisted || performance.getEntriesByType("navigation").some(wasRead))) location.reload();
    for (const form of document.querySelectorAll("form[data-busy]")) rest(form);
  });

  // "I sent it" tells the way that was taken last.
  function remember(channel) {
    for (const field of document.querySelectorAll("input[name=channel]")) field.value = channel;
  }

  document.addEventListener("click", (event) => {
    const way = event.target.closest("[data-channel]");
    if (way) remember(way.dataset.channel);
    const pressed = event.target.closest("[data-copy], [data-share]");
    if (pressed && "copy" in pressed.dataset) copy(pressed);
    else if (pressed) share(pressed);
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-select-all]")) {
      for (const box of field.form.querySelectorAll(".cell-tick input[name]")) box.checked = field.checked;
    }
    const chosen = field.closest(".cell-tick") && field.form && field.form.querySelector("[data-chosen]");
    if (chosen) chosen.textContent = field.form.querySelectorAll(".cell-tick input[name]:checked").length;
    if (field.form && field.form.matches("[data-autosubmit]")) field.form.requestSubmit();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form");
    if (form) rest(form);
  });
  document.addEventListener("htmx:afterSwap", (event) => { enhance(event.target); focusErrors(event.target); });
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(failure, () => {
      const notice = document.getElementById("request-failed");
      if (notice) notice.hidden = false;
    });
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => enhance(document));
  else enhance(document);
})();
