import { UserError } from "../../../lib/error";

export interface GitHubContext {
  token: string;
  /** owner/name */
  repository: string;
  apiUrl: string;
}

/** From a workflow step's environment. @throws UserError for missing variables */
export function gitHubContext(env: NodeJS.ProcessEnv): GitHubContext {
  const {
    GITHUB_TOKEN: token,
    GITHUB_REPOSITORY: repository,
    GITHUB_API_URL: apiUrl = "https://api.github.com",
  } = env;
  if (!token || !repository) {
    throw new UserError(
      "GITHUB_TOKEN and GITHUB_REPOSITORY are not set. This command runs in a GitHub workflow.",
    );
  }
  return { token, repository, apiUrl };
}

/** The GitHub calls that the workflows make. */
export class GitHub {
  constructor(private readonly context: GitHubContext) {}

  get<T>(path: string): Promise<T> {
    return this.call("GET", path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.call("POST", path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.call("PATCH", path, body);
  }

  /** Every item of a list, over all its pages. */
  async list<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let page = 1; ; page += 1) {
      const found = await this.get<T[]>(`${path}${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`);
      items.push(...found);
      if (found.length < 100) return items;
    }
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { token, repository, apiUrl } = this.context;
    const response = await fetch(`${apiUrl}/repos/${repository}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "x-github-api-version": "2022-11-28",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new UserError(
        `GitHub answered ${response.status} to ${method} ${path}: ${(await response.text()).slice(0, 300)}`,
      );
    }
    return (await response.json()) as T;
  }
}
