import { Outlet, useMatches, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useInboxNews } from '../inbox/news.ts'
import { MatchScreen } from '../play/match-screen.tsx'
import { useRewardNews } from '../rewards/news.ts'
import { StageProvider, useStage } from '../stage-provider.tsx'
import { Toasts } from '../ui/toast.tsx'
import { useWalletNews } from '../wallet/news.ts'
import { Frame } from './frame.tsx'

export function Shell() {
  return (
    <StageProvider>
      <Toasts>
        <Whereabouts />
      </Toasts>
    </StageProvider>
  )
}

/** Whoever plays sees the match, whatever the address says; everybody else the page of the address in its frame. */
function Whereabouts() {
  const { stage } = useStage()
  const isBare = useMatches({ select: (matches) => matches.some(({ staticData }) => staticData.isBare === true) })
  useWayToPlay()
  useWalletNews()
  useInboxNews()
  useRewardNews()
  if (stage.name === 'match') {
    // A lost connection is told on the match itself.
    return <MatchScreen stage={stage} />
  }
  if (isBare) return <Outlet />
  return (
    <Frame>
      <Outlet />
    </Frame>
  )
}

/** A match that begins, and a sentence that has to be read, lead to where one plays. */
function useWayToPlay(): void {
  const { stage } = useStage()
  const navigate = useNavigate()
  const leads = stage.name === 'match' || (stage.name === 'landing' && stage.problem !== null)
  useEffect(() => {
    if (leads) void navigate({ to: '/', replace: true })
  }, [leads, navigate])
}
