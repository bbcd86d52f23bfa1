import type { SomeRows } from '../figures-of.ts';

export const NOW = Date.UTC(2026, 2, 15, 12);

const created = '2026-02-14T00:00:00.000Z';

/** A small company at whose edges the figures turn. */
export const company: SomeRows = {
  Files: [
    { NomeArquivo: 'b.mp4', FeatureCategoria: 'Videos', TamanhoBytes: 2000, CriadoEm: created, ModificadoEm: created },
    { NomeArquivo: 'a.mp4', FeatureCategoria: ' Videos', TamanhoBytes: 2000, CriadoEm: '2026-02-13T23:59:59.999Z' },
    { NomeArquivo: 'B.png', FeatureCategoria: 'videos', TamanhoBytes: 2000, CriadoEm: created },
    { NomeArquivo: 'c.txt', FeatureCategoria: '', TamanhoBytes: 1 },
  ],
  Videos: [
    { FileId: 1, UploadDate: '2026-03-01T10:00:00.000Z' },
    { FileId: 1, UploadDate: '2026-02-28T10:00:00.000Z' },
    { FileId: 2, UploadDate: '2026-02-13T10:00:00.000Z' },
    { FileId: 2, UploadDate: '2026-03-01T10:00:00.000Z' },
  ],
};
