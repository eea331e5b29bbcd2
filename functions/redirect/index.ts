import { createRedirect } from "./handler";

export const handler = createRedirect(process.env);
