import { type Live, LiveProvider, useLive } from '../live/live.ts';
import { Toasts } from '../notifications/toasts.tsx';
import { Overview } from '../overview/overview.tsx';
import { SignIn } from '../sign-in/sign-in.tsx';
import { ClaimsView } from '../views/claims/claims-view.tsx';
import { ContentView } from '../views/content/content-view.tsx';
import { FinancialView } from '../views/financial/financial-view.tsx';
import { StorageView } from '../views/storage/storage-view.tsx';
import { SubscriptionsView } from '../views/subscriptions/subscriptions-view.tsx';
import { SupportView } from '../views/support/support-view.tsx';
import { UsersView } from '../views/users/users-view.tsx';
import { Wall } from '../wall/wall.tsx';
import type { WallSettings } from '../wall/wall-settings.ts';
import { Frame } from './frame.tsx';
import { route } from './router.ts';

export function App({ live, wall }: { live: Live; wall: WallSettings | undefined }) {
  return (
    <LiveProvider value={live}>
      <Page wall={wall} />
    </LiveProvider>
  );
}

function Page({ wall }: { wall: WallSettings | undefined }) {
  const refused = useLive().refused.value;
  if (refused !== undefined) return <SignIn refused={refused} />;
  if (wall !== undefined) return <Wall settings={wall} />;
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
    case 'subscriptions':
      return <SubscriptionsView />;
    case 'support':
      return <SupportView />;
    case 'content':
      return <ContentView />;
    case 'users':
      return <UsersView />;
    case 'storage':
      return <StorageView />;
    case 'overview':
      return <Overview />;
  }
}
