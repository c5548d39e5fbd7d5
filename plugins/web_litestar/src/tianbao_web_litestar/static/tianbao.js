// What is better with a script: dropping a file, seeing how far the upload is, hearing the result, printing. Every page
// works without it.
"use strict";

const form = () => document.querySelector("[data-upload]");
const part = (name) => form()?.querySelector(`[data-${name}]`);

function say(text) {
  const line = part("says");
  line.textContent = text;
  line.hidden = !text;
}

function tooLarge() {
  const file = part("file").files[0];
  const large = file && file.size > Number(form().dataset.upload);
  say(large ? part("says").dataset.tooLarge : "");
  return large;
}

function progress(share) {
  const bar = part("progress");
  bar.hidden = share === null;
  if (share === null) return;
  if (share < 1) bar.value = share; else bar.removeAttribute("value");
  say(share < 1 ? bar.dataset.sending : bar.dataset.checking);
}

document.addEventListener("dragover", (event) => {
  const drop = event.target.closest?.(".drop");
  if (!drop) return;
  event.preventDefault();
  drop.classList.add("over");
});

document.addEventListener("dragleave", (event) => event.target.closest?.(".drop")?.classList.remove("over"));

document.addEventListener("drop", (event) => {
  const drop = event.target.closest?.(".drop");
  if (!drop) return;
  event.preventDefault();
  drop.classList.remove("over");
  part("file").files = event.dataTransfer.files;
  tooLarge();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-file]")) tooLarge();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("[data-upload]") && tooLarge()) event.preventDefault();
});

document.addEventListener("htmx:xhr:progress", (event) => {
  if (event.target.matches?.("[data-upload]") && event.detail.total) progress(event.detail.loaded / event.detail.total);
});

// what is refused as a whole is answered at the foot of the page, and the form stays as it is
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.matches?.("[data-upload]") || !event.detail.xhr.status) return;
  progress(null);
  say("");
});

document.addEventListener("htmx:sendError", () => {
  if (!form()) return;
  progress(null);
  say(part("says").dataset.unsent);
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.matches("[data-part]")) return; // a part of a form that follows another field
  const result = event.target.querySelector("[data-focus]") ?? document.querySelector("[data-focus]");
  result?.scrollIntoView();
  result?.focus({ preventScroll: true });
});

// the rules of a password, each ticked as it is met
document.addEventListener("input", (event) => {
  for (const rule of document.querySelectorAll(`[data-rules="${event.target.id}"] [data-pattern]`)) {
    const met = new RegExp(rule.dataset.pattern).test(event.target.value);
    rule.classList.toggle("met", met);
    rule.querySelector("[data-sign]").textContent = met ? "✓" : "・";
    rule.querySelector("[data-met]").textContent = met ? "（已符合）" : "";
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;

// A download says how far it is, until the browser has the file.
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

async function followDownload(ticket) {
  const box = document.querySelector("[data-waiting]");
  const line = box.querySelector("[data-waiting-says]");
  const bar = box.querySelector("progress");
  box.hidden = bar.hidden = false;
  line.textContent = line.dataset.preparing;
  for (let done = false; !done && box.isConnected; await pause(400)) {
    const answer = await fetch(`/downloads/${ticket}`).catch(() => null);
    if (!answer?.ok) break;
    const told = await answer.json();
    done = told.done;
    if (told.rows) line.textContent = line.dataset.written.replace("#", told.rows.toLocaleString());
    if (done) line.textContent = line.dataset.done;
  }
  bar.hidden = true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-download]");
  if (!link) return;
  const ticket = Math.random().toString(36).slice(2) + Date.now().toString(36);
  const address = new URL(link.href);
  address.searchParams.set("ticket", ticket);
  link.href = address;
  link.closest("details").open = false;
  followDownload(ticket);
});

// Statistics: a result that is no longer what the steps ask for is greyed, until it is asked for again.
const asked = (form) => new URLSearchParams(new FormData(form)).toString();
const sent = new WeakMap();

function lookAtSteps() {
  const form = document.querySelector("[data-steps]");
  if (!form) return;
  if (!sent.has(form)) sent.set(form, asked(form));
  for (const all of form.querySelectorAll("[data-all]")) all.hidden = false;
  const answer = document.querySelector("[data-answer]");
  if (!answer) return;
  const stale = asked(form) !== sent.get(form);
  answer.classList.toggle("stale", stale);
  answer.querySelector("[data-stale]").hidden = !stale;
  answer.querySelector("[data-greyed]").inert = stale;
}

function sayChoice(choice) {
  const said = choice.querySelector("[data-said]");
  const chosen = [...choice.querySelectorAll("input:checked")].map((input) => input.parentElement.textContent.trim());
  said.textContent = chosen.join("、") || said.dataset.said;
}

document.addEventListener("change", (event) => {
  if (!event.target.closest("[data-steps]")) return;
  const choice = event.target.closest(".choice");
  if (choice) sayChoice(choice);
  lookAtSteps();
});

document.addEventListener("input", (event) => {
  if (event.target.closest("[data-steps]")) lookAtSteps();
});

document.addEventListener("click", (event) => {
  const all = event.target.closest("[data-all]");
  if (!all) return;
  const boxes = [...all.closest("fieldset").querySelectorAll("input")];
  const every = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !every;
  boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("htmx:afterSettle", lookAtSteps);
lookAtSteps();

// two minutes before the session ends for want of a click, and when it has; another tab's click counts here, too
const idle = document.querySelector("[data-idle]");
const tabs = new BroadcastChannel("tianbao");
const LAST_CALL = 120;
let timers = [];

function watch() {
  const seconds = Number(idle.dataset.idle);
  const [warning, over] = [idle.querySelector("[data-warning]"), idle.querySelector("[data-over]")];
  warning.hidden = over.hidden = true;
  timers.forEach(clearTimeout);
  timers = [
    setTimeout(() => { warning.hidden = false; }, Math.max(seconds - LAST_CALL, 0) * 1000),
    setTimeout(() => { warning.hidden = true; over.hidden = false; }, seconds * 1000),
  ];
}

async function stay(event) {
  event.preventDefault();
  const token = new FormData(event.target).get("_csrf");
  const answer = await fetch(event.target.action, { method: "POST", headers: { "X-CSRF-Token": token } });
  if (answer.status !== 204) return location.reload();
  used();
}

function used() {
  watch();
  tabs.postMessage("used");
}

if (idle) {
  used();
  tabs.addEventListener("message", watch);
  idle.querySelector("form").addEventListener("submit", stay);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.requestConfig.headers["X-Unattended"]) used(); // a page that asks by itself is no click
  });
}
