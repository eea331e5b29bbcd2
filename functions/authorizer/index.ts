import { createAuthorizer } from "./handler";

export const handler = createAuthorizer(process.env);
