// Keys for the page of doubtful entities; without this script its buttons do the same.
const form = document.querySelector("[data-doubts]");
const lines = form ? [...form.querySelectorAll("[data-doubt]")] : [];
let at = 0;

function show(next) {
  at = Math.max(0, Math.min(next, lines.length - 1));
  lines.forEach((line, index) => {
    if (index === at) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  });
  lines[at].focus();
}

const press = (name) => lines[at].querySelector(`button[name="${name}"]`).click();
const keys = {
  y: () => press("same"),
  n: () => press("apart"),
  j: () => show(at + 1),
  k: () => show(at - 1),
  x: () => lines[at].querySelector('input[type="checkbox"]').click(),
  u: () => document.querySelector('[role="status"] form button')?.click(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches('input:not([type="checkbox"]), textarea, select');
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  if (!lines.length && event.key !== "u") return;
  event.preventDefault();
  keys[event.key]();
});

if (lines.length) show(0);
