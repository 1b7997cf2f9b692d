import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router'
import { z } from 'zod'
import { FeedbackSearch, ReviewSearch } from './feedback/search.ts'
import { Broken, NotFound, Opening } from './frame/pages.tsx'
import { Shell } from './frame/shell.tsx'
import { BoardSearch } from './leaderboards/search.ts'
import { PlayPlace } from './play/play-place.tsx'
import { WalletSearch } from './wallet/search.ts'

/** Which game a page is about: `?game=NAME`, kept from page to page. Anything else in the address is nobody's. */
const RootSearch = z.object({ game: z.string().optional().catch(undefined) })

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: RootSearch,
  search: { middlewares: [retainSearchParams(['game'])] },
})

/** Landing, queue and result: what is seen here is where the player stands (stage.ts), which no address decides. */
const play = createRoute({ getParentRoute: () => root, path: '/', component: PlayPlace })

const leaderboards = createRoute({
  getParentRoute: () => root,
  path: '/leaderboards',
  validateSearch: BoardSearch,
  component: lazyRouteComponent(() => import('./leaderboards/leaderboards-page.tsx'), 'LeaderboardsPage'),
})

const live = createRoute({
  getParentRoute: () => root,
  path: '/watch',
  component: lazyRouteComponent(() => import('./match/watch/live.tsx'), 'Live'),
})

const watch = createRoute({
  getParentRoute: () => root,
  path: '/watch/$roomId',
  component: lazyRouteComponent(() => import('./match/watch/watch-page.tsx'), 'WatchPage'),
  staticData: { isBare: true },
})

const matches = createRoute({
  getParentRoute: () => root,
  path: '/matches',
  component: lazyRouteComponent(() => import('./history/history-page.tsx'), 'HistoryPage'),
})

const match = createRoute({
  getParentRoute: () => root,
  path: '/matches/$id',
  component: lazyRouteComponent(() => import('./history/match-page.tsx'), 'MatchPage'),
})

const player = createRoute({
  getParentRoute: () => root,
  path: '/players/$id',
  component: lazyRouteComponent(() => import('./player/player-page.tsx'), 'PlayerPage'),
})

const crash = createRoute({
  getParentRoute: () => root,
  path: '/crash',
  component: lazyRouteComponent(() => import('./crash/section.tsx'), 'CrashSection'),
})

const crashFirst = createRoute({
  getParentRoute: () => crash,
  path: '/',
  component: lazyRouteComponent(() => import('./crash/crash-page.tsx'), 'CrashPage'),
})

const crashLobby = createRoute({
  getParentRoute: () => crash,
  path: '/$lobbyId',
  component: lazyRouteComponent(() => import('./crash/crash-page.tsx'), 'LobbyPage'),
})

const crashBets = createRoute({
  getParentRoute: () => crash,
  path: '/bets',
  component: lazyRouteComponent(() => import('./crash/my-bets-page.tsx'), 'MyBetsPage'),
})

const crashLimits = createRoute({
  getParentRoute: () => crash,
  path: '/limits',
  component: lazyRouteComponent(() => import('./crash/limits-page.tsx'), 'LimitsPage'),
})

const crashFairness = createRoute({
  getParentRoute: () => crash,
  path: '/fairness',
  component: lazyRouteComponent(() => import('./crash/fairness-page.tsx'), 'FairnessPage'),
})

const crashRound = createRoute({
  getParentRoute: () => crash,
  path: '/rounds/$roundId',
  component: lazyRouteComponent(() => import('./crash/round-page.tsx'), 'RoundPage'),
})

const feedback = createRoute({
  getParentRoute: () => root,
  path: '/feedback',
  validateSearch: FeedbackSearch,
  component: lazyRouteComponent(() => import('./feedback/feedback-page.tsx'), 'FeedbackPage'),
})

const review = createRoute({
  getParentRoute: () => root,
  path: '/feedback/admin',
  validateSearch: ReviewSearch,
  component: lazyRouteComponent(() => import('./feedback/admin-page.tsx'), 'FeedbackAdminPage'),
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./entry/sign-in.tsx'), 'SignIn'),
})

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  component: lazyRouteComponent(() => import('./entry/sign-up.tsx'), 'SignUp'),
})

const own = createRoute({
  getParentRoute: () => root,
  id: 'own',
  component: lazyRouteComponent(() => import('./account/own-pages.tsx'), 'OwnPages'),
})

const profile = createRoute({
  getParentRoute: () => own,
  path: '/profile',
  component: lazyRouteComponent(() => import('./account/profile.tsx'), 'Profile'),
})

const account = createRoute({
  getParentRoute: () => own,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/account.tsx'), 'Account'),
})

const sessions = createRoute({
  getParentRoute: () => own,
  path: '/sessions',
  component: lazyRouteComponent(() => import('./account/sessions.tsx'), 'Sessions'),
})

const settings = createRoute({
  getParentRoute: () => own,
  path: '/settings',
  component: lazyRouteComponent(() => import('./account/settings.tsx'), 'Settings'),
})

const belongings = createRoute({
  getParentRoute: () => root,
  id: 'belongings',
  component: lazyRouteComponent(() => import('./wallet/belongings.tsx'), 'Belongings'),
})

const wallet = createRoute({
  getParentRoute: () => belongings,
  path: '/wallet',
  validateSearch: WalletSearch,
  component: lazyRouteComponent(() => import('./wallet/wallet-page.tsx'), 'WalletPage'),
})

const inbox = createRoute({
  getParentRoute: () => belongings,
  path: '/inbox',
  component: lazyRouteComponent(() => import('./inbox/inbox-page.tsx'), 'InboxPage'),
})

const rewards = createRoute({
  getParentRoute: () => belongings,
  path: '/rewards',
  component: lazyRouteComponent(() => import('./rewards/rewards-page.tsx'), 'RewardsPage'),
})

const campaigns = createRoute({
  getParentRoute: () => belongings,
  path: '/campaigns',
  component: lazyRouteComponent(() => import('./campaigns/campaigns-page.tsx'), 'CampaignsPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    play,
    live,
    watch,
    leaderboards,
    matches,
    match,
    player,
    crash.addChildren([crashFirst, crashLobby, crashBets, crashLimits, crashFairness, crashRound]),
    feedback,
    review,
    signIn,
    signUp,
    own.addChildren([profile, account, sessions, settings]),
    belongings.addChildren([wallet, inbox, rewards, campaigns]),
  ]),
  basepath: '/app',
  // A page's code is fetched when somebody points at its link.
  defaultPreload: 'intent',
  defaultPendingComponent: Opening,
  defaultErrorComponent: Broken,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
  interface StaticDataRouteOption {
    /** A page that has the whole window, without a frame. */
    readonly isBare?: boolean
  }
}
