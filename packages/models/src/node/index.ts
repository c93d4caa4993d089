/** What needs Node: files and folders as sources. */
export { type FileSources, openFileSources } from './file-sources.js';
