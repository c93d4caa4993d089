/** A link to a file that was made on the page. */
import { useEffect, useMemo } from 'preact/hooks';
import type { ResultFile } from './study/run/result-files.js';

/** The link and what is behind it; its address lives as long as the link. */
export function Download({ file }: { readonly file: ResultFile }) {
  const address = useMemo(() => URL.createObjectURL(new Blob([file.text], { type: file.mediaType })), [file]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return (
    <>
      <a href={address} download={file.name}>
        {file.name}
      </a>
      <span>{file.title}</span>
    </>
  );
}
