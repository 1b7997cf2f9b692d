import { Fault } from '@meydan/contracts/core'
import type { Lobby } from '@meydan/contracts/crash'
import { useMutation } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { client } from '../client.ts'
import { SkeletonCards, Unread } from '../community/reading.tsx'
import { useText } from '../i18n/i18n.ts'
import { sentenceOf } from '../sentence.ts'
import { usePlayerId } from '../session.ts'
import { useStage } from '../stage-provider.tsx'
import { Button, buttonLook } from '../ui/button.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { Empty } from '../ui/states.tsx'
import { BetPanel } from './bet-panel.tsx'
import { Bets } from './bets.tsx'
import { HistoryStrip } from './history-strip.tsx'
import type { LobbyLine } from './lobby-line.ts'
import { Narrator } from './narrator.tsx'
import { Stage } from './stage.tsx'
import type { LobbyState } from './state.ts'
import { useBalance, useBetting } from './use-betting.ts'
import { useLobby } from './use-lobby.ts'

/** The lobby that is always there. */
const FIRST_LOBBY = 1
const route = getRouteApi('/crash/$lobbyId')

/** `/app/crash`: the first lobby. */
export function CrashPage() {
  return <Entrance lobbyId={FIRST_LOBBY} />
}

/** `/app/crash/NUMBER`: another one. */
export function LobbyPage() {
  const { lobbyId } = route.useParams()
  const number = Number(lobbyId)
  return Number.isSafeInteger(number) && number > 0 ? <Entrance lobbyId={number} /> : <NoLobby />
}

function Entrance({ lobbyId }: { lobbyId: number }) {
  const t = useText('crash')
  usePageTitle(t('title'))
  return (
    <>
      <h1 className="sr-only">{t('title')}</h1>
      {usePlayerId() === null ? <ComeIn /> : <LobbyView key={lobbyId} lobbyId={lobbyId} />}
    </>
  )
}

/** Who plays has to be somebody: a guest will do. */
function ComeIn() {
  const t = useText('crash')
  const { renew } = useStage()
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      await client.guest()
      renew()
    },
  })
  return (
    <Empty title={t('comeIn')} text={t('comeInText')}>
      <Button data-testid="come-in" disabled={isPending} onClick={() => mutate()}>
        {t('comeInAsGuest')}
      </Button>
      <Link to="/sign-in" className={buttonLook('plain', 'small')}>
        {t('signIn')}
      </Link>
      <div role="alert">{error !== null && <p className="text-sm text-warn">{sentenceOf(error)}</p>}</div>
    </Empty>
  )
}

function NoLobby() {
  const t = useText('crash')
  return (
    <Empty title={t('noLobby')} text={t('noLobbyText')}>
      <Link to="/crash" className={buttonLook()}>
        {t('toFirst')}
      </Link>
    </Empty>
  )
}

function LobbyView({ lobbyId }: { lobbyId: number }) {
  const { line, shown } = useLobby(lobbyId)
  const { lobby, state, error } = shown
  if (lobby && state) return <Table line={line} lobby={lobby} state={state} />
  if (error instanceof Fault && (error.code === 'UNKNOWN_LOBBY' || error.code === 'INVALID_INPUT')) return <NoLobby />
  if (error) return <Unread error={error} onAgain={() => void line.look()} />
  return <SkeletonCards count={2} className="h-64" />
}

function Table({ line, lobby, state }: { line: LobbyLine; lobby: Lobby; state: LobbyState }) {
  const { settings, lobbyId } = lobby
  const { round, history } = state
  const balance = useBalance()
  const betting = useBetting(lobbyId, line, round)
  return (
    <div className="flex flex-col gap-4">
      <Narrator round={round} settings={settings} />
      <HistoryStrip history={history} />
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Stage line={line} round={round} bettingMs={settings.bettingMs} />
        <BetPanel line={line} round={round} settings={settings} balance={balance} betting={betting} />
      </div>
      <Bets round={round} />
    </div>
  )
}
