import { ApiError, type FieldIssue } from "./errors.ts";
import { currentLocale } from "./locale.ts";

export type UploadProgress = { sent: number; total: number };

/**
 * Sends a file as the request's body and tells how far it is; fetch cannot.
 * Answers the JSON body; throws ApiError with the server's sentence. Abort by the signal.
 */
export const upload = <T>(
  path: string,
  file: Blob,
  options: {
    contentType?: string;
    onProgress?: (progress: UploadProgress) => void;
    signal?: AbortSignal;
  } = {},
): Promise<T> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.responseType = "json";
    request.setRequestHeader("content-type", options.contentType ?? (file.type || "text/csv"));
    request.setRequestHeader("accept-language", currentLocale());
    request.upload.onprogress = (event) => options.onProgress?.({ sent: event.loaded, total: event.total });
    request.onerror = () => reject(new ApiError("network", ""));
    request.onabort = () => reject(new ApiError("aborted", ""));
    request.onload = () => {
      const body = request.response as {
        error?: { code: string; message: string; issues?: FieldIssue[]; vehicles?: string[] };
      } | null;
      if (request.status >= 200 && request.status < 300) return resolve(body as T);
      const requestId = request.getResponseHeader("x-request-id") ?? undefined;
      const said = body?.error;
      reject(
        new ApiError(said?.code ?? "unexpected", said?.message ?? "", said?.issues ?? [], requestId, {
          vehicles: said?.vehicles,
        }),
      );
    };
    options.signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
