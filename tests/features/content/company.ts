import type { SomeRows } from '../figures-of.ts';

export const NOW = Date.UTC(2026, 2, 15, 12);

/** A small company at whose edges the figures turn. */
export const company: SomeRows = {
  Courses: [
    { Id: 1, Name: 'Álgebra', IsActive: 1 },
    { Id: 2, Name: 'Biologia', IsActive: 0 },
  ],
  Videos: [
    { CourseId: 1, Status: 1, Duration: '00:10:00.500' },
    { CourseId: 1, Status: 1, Duration: '01:00:00.000' },
    { CourseId: 2, Status: 0, Duration: '00:00:01.001' },
    { CourseId: 9, Status: 2, Duration: '23:59:59.999' },
  ],
};
