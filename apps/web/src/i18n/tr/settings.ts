import type { Translated } from '../texts.ts'

export const settings: Translated<'settings'> = {
  title: 'Ayarlar',
  page: 'Sayfa',
  game: 'Oyun',
  kept: 'Bu tarayıcı hatırlar; dil seçimin hesabınla da gelir.',
  motion: 'Daha az hareket',
  motionHint: 'Sarsıntı ve hareketli görüntü olmaz. Seçmezsen cihazın ne diyorsa o.',
  sound: 'Ses',
  soundHint: 'Maç sırasında da kapatabilirsin.',
  aim: 'Nişan alıp ateş eden başparmak',
  aimRight: 'Sağ',
  aimLeft: 'Sol',
}
