// Where the focus was before a swap, so that it is given back after.

export let place = null;
export const rememberPlace = (where) => { place = where; };
