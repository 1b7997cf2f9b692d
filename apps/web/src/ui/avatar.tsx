import { type AVATARS, Avatar as AvatarName } from '@meydan/contracts/players'
import type { ReactNode } from 'react'

type Name = (typeof AVATARS)[number]

/** Faces of circles and triangles on 48 × 48, each with a ground of its own. */
const FACES: Readonly<Record<Name, { readonly ground: string; readonly face: ReactNode }>> = {
  fox: {
    ground: '#fde3cf',
    face: (
      <>
        <path d="M8 12l10 6h12l10-6-3 18-13 11L11 30z" fill="#d9622b" />
        <path d="M11 29l13 12 13-12-8-1-5 5-5-5z" fill="#fff7ee" />
        <Eyes y={26} apart={8} />
        <circle cx="24" cy="37" r="2.2" fill="#2b2320" />
      </>
    ),
  },
  owl: {
    ground: '#e6e2f5',
    face: (
      <>
        <path d="M10 11l8 3h12l8-3v17a14 14 0 01-28 0z" fill="#6b5b95" />
        <circle cx="18" cy="24" r="6.5" fill="#fff" />
        <circle cx="30" cy="24" r="6.5" fill="#fff" />
        <Eyes y={24} apart={6} r={3} />
        <path d="M24 27l3 4-3 4-3-4z" fill="#f2b544" />
      </>
    ),
  },
  otter: {
    ground: '#d9eef2',
    face: (
      <>
        <circle cx="12" cy="17" r="4.5" fill="#7a5238" />
        <circle cx="36" cy="17" r="4.5" fill="#7a5238" />
        <circle cx="24" cy="26" r="14.5" fill="#8f6244" />
        <ellipse cx="24" cy="31" rx="9" ry="7" fill="#ecd9c3" />
        <Eyes y={23} apart={7} />
        <ellipse cx="24" cy="28" rx="3" ry="2" fill="#2b2320" />
      </>
    ),
  },
  lynx: {
    ground: '#f3ead2',
    face: (
      <>
        <path d="M9 6l9 11h12l9-11 1 20a16 15 0 01-32 0z" fill="#c89b5b" />
        <path d="M9 6l5 6M39 6l-5 6" stroke="#2b2320" strokeWidth="2.5" strokeLinecap="round" />
        <ellipse cx="24" cy="33" rx="9" ry="6.5" fill="#fff6e6" />
        <Eyes y={25} apart={7} />
        <path d="M21.5 30h5L24 33z" fill="#a8513b" />
      </>
    ),
  },
  raven: {
    ground: '#dfe6ea',
    face: (
      <>
        <circle cx="22" cy="25" r="14.5" fill="#2f3b46" />
        <path d="M30 21l13 6-14 5z" fill="#f0a63a" />
        <circle cx="25" cy="21" r="4" fill="#fff" />
        <circle cx="26" cy="21" r="2" fill="#14181c" />
      </>
    ),
  },
  seal: {
    ground: '#d5e6f7',
    face: (
      <>
        <circle cx="24" cy="25" r="15" fill="#7d93a8" />
        <circle cx="20" cy="31" r="5" fill="#e4edf5" />
        <circle cx="28" cy="31" r="5" fill="#e4edf5" />
        <Eyes y={22} apart={7} r={2.6} />
        <ellipse cx="24" cy="28" rx="3" ry="2.2" fill="#22303c" />
      </>
    ),
  },
  panda: {
    ground: '#dcefdc',
    face: (
      <>
        <circle cx="12" cy="13" r="5.5" fill="#2c2f31" />
        <circle cx="36" cy="13" r="5.5" fill="#2c2f31" />
        <circle cx="24" cy="25" r="15" fill="#fbfbf8" />
        <ellipse cx="17.5" cy="24" rx="4" ry="5" fill="#2c2f31" />
        <ellipse cx="30.5" cy="24" rx="4" ry="5" fill="#2c2f31" />
        <circle cx="18" cy="23.5" r="1.5" fill="#fff" />
        <circle cx="30" cy="23.5" r="1.5" fill="#fff" />
        <ellipse cx="24" cy="31" rx="2.5" ry="1.8" fill="#2c2f31" />
      </>
    ),
  },
  hare: {
    ground: '#f8e1e4',
    face: (
      <>
        <ellipse cx="17" cy="12" rx="4" ry="10" fill="#b08a74" />
        <ellipse cx="31" cy="12" rx="4" ry="10" fill="#b08a74" />
        <ellipse cx="17" cy="13" rx="1.8" ry="7" fill="#f0c4bd" />
        <ellipse cx="31" cy="13" rx="1.8" ry="7" fill="#f0c4bd" />
        <circle cx="24" cy="29" r="13" fill="#c7a28b" />
        <ellipse cx="24" cy="34" rx="6.5" ry="5" fill="#fbf1ea" />
        <Eyes y={27} apart={6.5} />
        <path d="M22 31.5h4L24 34z" fill="#b5524e" />
      </>
    ),
  },
}

function Eyes({ y, apart, r = 2.2 }: { y: number; apart: number; r?: number }) {
  return (
    <>
      <circle cx={24 - apart} cy={y} r={r} fill="#1d1b1a" />
      <circle cx={24 + apart} cy={y} r={r} fill="#1d1b1a" />
    </>
  )
}

/** One of the built-in pictures; a name that this page does not know, or none yet, is an empty place. */
export function Avatar({ name, className = 'size-10' }: { name: string | undefined; className?: string }) {
  const known = AvatarName.safeParse(name)
  const picture = known.success ? FACES[known.data] : undefined
  return (
    <svg viewBox="0 0 48 48" aria-hidden="true" className={`shrink-0 rounded-full ${className}`}>
      <rect width="48" height="48" fill={picture?.ground ?? 'var(--line)'} />
      {picture?.face}
    </svg>
  )
}
