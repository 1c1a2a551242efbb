// What the browser keeps for this person, by name; a private window keeps nothing.

export const stored = (name, fallback) => { try { return localStorage.getItem(name) ?? fallback; } catch { return fallback; } };
export const store = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };
