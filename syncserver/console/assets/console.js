// What pages do beyond links and forms; each works without. Loaded before the page is drawn.
"use strict";

document.documentElement.classList.add("js");

const SEEN = "chartdrop-seen"; // when somebody last used any page of the console in this browser
const WARNED_BEFORE_MS = 2 * 60 * 1000;

function menu() {
  const button = document.querySelector(".menu");
  const pages = document.getElementById("pages");
  if (!button || !pages) return;
  const show = (open) => {
    button.setAttribute("aria-expanded", String(open));
    pages.classList.toggle("open", open);
  };
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      show(false);
      button.focus();
    }
  });
}

function copying(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = "Copied";
    });
  }
}

// A notice was said: read again, the page does not say it once more.
function forgetNotice() {
  const address = new URL(location.href);
  if (!address.searchParams.has("notice")) return;
  address.searchParams.delete("notice");
  history.replaceState(history.state, "", address);
}

function watchForIdleness() {
  const dialog = document.querySelector("dialog.idle");
  const idle = Number(document.body.dataset.idleMinutes) * 60 * 1000;
  if (!dialog || !idle) return;
  const seen = () => localStorage.setItem(SEEN, String(Date.now()));
  seen();
  document.addEventListener("htmx:afterRequest", seen);
  dialog.querySelector("button").addEventListener("click", async () => {
    const answer = await fetch("/console/stay", { redirect: "manual" });
    if (answer.status !== 204) return location.reload();
    seen();
    dialog.close();
  });
  setInterval(() => {
    const left = idle - (Date.now() - Number(localStorage.getItem(SEEN)));
    if (left <= 0) location.assign(document.querySelector(".pages [aria-current]")?.href ?? "/console"); // there the server says so
    else if (left <= WARNED_BEFORE_MS && !dialog.open) dialog.showModal();
    else if (left > WARNED_BEFORE_MS && dialog.open) dialog.close();
    dialog.querySelector(".left").textContent = left < 60000 ? "less than a minute" : "2 minutes";
  }, 5000);
}

document.addEventListener("DOMContentLoaded", () => {
  menu();
  copying(document);
  forgetNotice();
  watchForIdleness();
});
document.addEventListener("htmx:load", (event) => copying(event.target));
