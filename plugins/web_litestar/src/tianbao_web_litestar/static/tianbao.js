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

document.addEventListener("htmx:sendError", () => {
  progress(null);
  say(part("says").dataset.unsent);
});

document.addEventListener("htmx:afterSettle", () => {
  const result = document.querySelector("[data-focus]");
  result?.scrollIntoView();
  result?.focus({ preventScroll: true });
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
