import { request } from 'undici';

/**
 * The HTTP library's request, in a file that is loaded with the first one. The library itself cannot
 * be: bundled, it gives its names to a static import only.
 */
export const oneRequest = request;
