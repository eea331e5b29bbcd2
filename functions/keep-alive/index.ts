import { createKeepAlive } from "./handler";

export const handler = createKeepAlive(process.env);
