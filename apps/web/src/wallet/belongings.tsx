import { Outlet } from '@tanstack/react-router'
import { SignInFirst } from '../entry/sign-in-first.tsx'
import { usePlayerId } from '../session.ts'

/** The pages of what the player has. */
export function Belongings() {
  return usePlayerId() === null ? <SignInFirst /> : <Outlet />
}
