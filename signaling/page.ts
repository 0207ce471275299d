// Serves the built page from a folder: strict headers, what is compressed beforehand, and the
// one page for every address a session has. Never redirects; knows no invite.
import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { setPageHeaders } from './page-headers.ts';

export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Files whose name holds their content's hash. */
const HASHED = /^\/assets\//;
/** A session's address in the page; the page itself finds out what it means. */
const SESSION_PAGE = /^\/s\/[\w-]{22}\/?$/;
const YEAR_S = 365 * 24 * 3600;

/** `folder` holds the build when this is called; what is added later is not served. */
export function servePage(folder: string): PageHandler {
  const serve = sirv(folder, { etag: true, gzip: true, brotli: true, extensions: ['html'] });
  return (request, response) => {
    setPageHeaders(response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return endText(response, 405, 'Only GET and HEAD.');
    }
    const path = pathOf(request);
    if (SESSION_PAGE.test(path)) request.url = '/';
    // A part of a compressed file is of no use, and a range turned around is an exception in sirv.
    delete request.headers.range;
    const hashed = HASHED.test(path);
    response.setHeader(
      'Cache-Control',
      hashed ? `public, max-age=${YEAR_S}, immutable` : 'no-cache',
    );
    serve(request, response, () => endText(response, 404, 'There is nothing here.'));
  };
}

/** The path alone: a query is nobody's here. */
export function pathOf(request: IncomingMessage): string {
  return request.url?.split('?', 1)[0] ?? '/';
}

export function endText(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}
