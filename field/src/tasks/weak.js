// PINs that anybody would try first. Pure.
export const weak = (pin) => /^(\d)\1{5}$/.test(pin) || "0123456789".includes(pin) || "9876543210".includes(pin);
