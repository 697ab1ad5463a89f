import { api } from '../api.js';
import { saveFile } from './save-file.js';
import { useAct, type Act } from './use-act.js';

export interface Downloads {
  /** True while a file is being made. */
  readonly downloading: Act['busy'];
  /** Fetches a file from the server and hands it to the user under the server's name or `fileName`; says why when refused. */
  readonly download: (path: string, query?: Readonly<Record<string, string>>, fileName?: string) => Promise<boolean>;
}

/** Files that the server makes: workbooks, exports, check programs. */
export function useDownload(): Downloads {
  const { busy, attempt } = useAct();
  return {
    downloading: busy,
    download: (path, query, fileName) => attempt(async () => {
      const file = await api.download({ method: 'GET', path, ...(query === undefined ? {} : { query }) });
      saveFile(file.blob, fileName ?? file.fileName);
    }),
  };
}
