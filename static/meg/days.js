// A typed day is written out when one leaves its field, so that one sees what was understood: « 3/4 » → « 03/04/2026 ».
// As `firms.typography.read_day` reads it; what is no day stays as typed, for the server to tell.

const DAY = /^(?:(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?|(\d{2})(\d{2})(\d{4}|\d{2}))$/;
const dateOf = (year, month, day) => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
};
export const dayOf = (text, today) => {
  const word = text.trim().toLowerCase(), [year, month, day] = today.split("-").map(Number);
  if (["hier", "aujourd’hui", "aujourd'hui"].includes(word)) return dateOf(year, month, day) && new Date(Date.UTC(year, month - 1, day - (word === "hier")));
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(word), found = DAY.exec(word);
  if (iso) return dateOf(...iso.slice(1).map(Number));
  if (!found) return null;
  const [d, m, y] = (found[1] ? found.slice(1, 4) : found.slice(4)).map((part) => (part ? Number(part) : null));
  if (y !== null) return dateOf(y > 99 ? y : 2000 + y, m, d);
  const now = dateOf(year, m, d);
  return now && now > dateOf(year, month, day) ? dateOf(year - 1, m, d) : now;
};
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches?.("input[data-day]")) return;
  const date = dayOf(field.value, field.dataset.day);
  if (date) field.value = date.toLocaleDateString("fr-FR", { timeZone: "UTC", day: "2-digit", month: "2-digit", year: "numeric" });
}, true);
