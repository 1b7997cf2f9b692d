import type { Translated } from '../texts.ts'

export const inbox: Translated<'inbox'> = {
  title: 'Gelen kutusu',
  lead: 'Burayı işletenlerden haberler ve hediyeler.',
  toCampaigns: 'Oyunculara mesaj gönder',
  unread_one: '{{count}} okunmamış mesaj',
  unread_other: '{{count}} okunmamış mesaj',
  unclaimed_zero: 'Alınacak bir şey kalmadı',
  unclaimed_one: 'Ödülü alınacak {{count}} mesaj',
  unclaimed_other: 'Ödülü alınacak {{count}} mesaj',
  none: 'Gelen kutun boş',
  noneText: 'Hediyeler ve haberler buraya kendiliğinden gelir.',
  new: 'Yeni',
  claim: 'Al',
  claimAll: 'Hepsini al',
  claimed: 'Alındı',
  expires: 'Süresi {{when}} doluyor',
  expired: 'Süresi doldu',
}
