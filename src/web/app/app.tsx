import { type Live, LiveProvider, useLive } from '../live/live.ts';
import { Toasts } from '../notifications/toasts.tsx';
import { Overview } from '../overview/overview.tsx';
import { SignIn } from '../sign-in/sign-in.tsx';
import { ClaimsView } from '../views/claims/claims-view.tsx';
import { FinancialView } from '../views/financial/financial-view.tsx';
import { Frame } from './frame.tsx';
import { route } from './router.ts';

export function App({ live }: { live: Live }) {
  return (
    <LiveProvider value={live}>
      <Page />
    </LiveProvider>
  );
}

function Page() {
  const connection = useLive().connection.value;
  if (connection.name === 'refused') return <SignIn refused={connection} />;
  return (
    <>
      <Frame>
        <View />
      </Frame>
      <Toasts />
    </>
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
