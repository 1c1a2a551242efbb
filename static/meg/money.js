// Amounts as French readers write them, from cents, and cents from what was typed.

export const money = (cents, currency) => {
  const digits = (Math.abs(cents) / 100).toLocaleString("fr-FR", { minimumFractionDigits: 2 }).replace(/\s/g, "\u00a0");
  return `${cents < 0 ? "\u2212" : ""}${digits}\u00a0${{ EUR: "€", USD: "$", GBP: "£" }[currency] ?? currency}`;
};
export const centsOf = (text) => {
  const bare = text.replace(/[\s€]/g, "").replace("\u2212", "-").replace(",", ".");
  return /^-?\d+(\.\d{1,2})?$/.test(bare) ? Math.round(Number(bare) * 100) : null;
};
export const plain = (cents) => money(cents, "EUR").replace(/\u00a0€$/, "");
