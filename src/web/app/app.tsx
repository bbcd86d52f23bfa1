import { type Live, LiveProvider } from '../live/live.ts';
import { Overview } from '../overview/overview.tsx';
import { ClaimsView } from '../views/claims/claims-view.tsx';
import { FinancialView } from '../views/financial/financial-view.tsx';
import { Frame } from './frame.tsx';
import { route } from './router.ts';

export function App({ live }: { live: Live }) {
  return (
    <LiveProvider value={live}>
      <Frame>
        <View />
      </Frame>
    </LiveProvider>
  );
}

function View() {
  switch (route.value) {
    case 'claims':
      return <ClaimsView />;
    case 'financial':
      return <FinancialView />;
    default:
      return <Overview />;
  }
}
