import type { Register } from "./context";

export const register: Register = () => {};
