import { useMemo } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { ShareChart } from '../../charts/share-chart.tsx';
import { TwoPartChart } from '../../charts/two-part-chart.tsx';
import { Card } from '../../design/parts.tsx';
import { CatalogueFigure } from '../../live/catalogue-figure.tsx';
import { useLive } from '../../live/live.ts';
import { figureTitle } from '../../live/titles.ts';
import { words } from '../../words/words.ts';
import { ViewPage } from '../view-page.tsx';
import { FigureList } from '../view-parts.tsx';
import { Courses } from './courses.tsx';

type ContentData = FeatureData['content'];

export function ContentView() {
  const data = useLive().snapshots.content.value?.data;
  return (
    <ViewPage feature="content">
      {data !== undefined && (
        <div class="view-grid">
          <VideosByStatus summary={data.summary} />
          <ActiveCourses summary={data.summary} />
          <FigureList feature="content" title={words.value.moreFigures} paths={FIGURES} />
          <Courses rows={data.list} />
        </div>
      )}
    </ViewPage>
  );
}

const FIGURES = [
  'summary.TotalCourses',
  'summary.ActiveCourses',
  'summary.TotalVideosLib',
  'summary.AvgVideosPerCourse',
  'summary.VideosAvailable',
  'summary.VideosProcessing',
  'summary.VideosError',
  'summary.TotalMinutes',
] as const;

function VideosByStatus({ summary }: { summary: ContentData['summary'] }) {
  const { videosByStatus: title, others } = words.value.views.content;
  const { videoStatus } = words.value.codes;
  const measure = figureTitle(useLive(), 'content', 'summary.TotalVideosLib');
  const shares = useMemo(() => {
    const known = [
      { title: videoStatus.Available, value: summary.VideosAvailable },
      { title: videoStatus.Processing, value: summary.VideosProcessing },
      { title: videoStatus.Error, value: summary.VideosError },
    ];
    const rest = known.reduce((left, { value }) => left - value, summary.TotalVideosLib);
    return [...known, { title: others, value: rest }];
  }, [summary, videoStatus, others]);
  return (
    <Card title={title}>
      <ShareChart title={title} measure={measure} unit="count" shares={shares} ordered />
    </Card>
  );
}

function ActiveCourses({ summary }: { summary: ContentData['summary'] }) {
  const { courses: title, active, inactive } = words.value.views.content;
  const { TotalCourses, ActiveCourses: activeCourses } = summary;
  const parts = useMemo(
    () => [
      { title: active, value: activeCourses, tone: 1 as const },
      { title: inactive, value: TotalCourses - activeCourses, tone: 'rest' as const },
    ],
    [active, inactive, TotalCourses, activeCourses],
  );
  return (
    <Card title={title}>
      <TwoPartChart title={title} measure={figureTitle(useLive(), 'content', 'summary.TotalCourses')} parts={parts}>
        <CatalogueFigure feature="content" path="summary.ActiveCourses" />
      </TwoPartChart>
    </Card>
  );
}
