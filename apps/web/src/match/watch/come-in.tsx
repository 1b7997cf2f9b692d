import { useMutation } from '@tanstack/react-query'
import { client } from '../../client.ts'
import { useText } from '../../i18n/i18n.ts'
import { sentenceOf } from '../../sentence.ts'
import { playerChanged } from '../../session.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/states.tsx'

/** Who watches has to be somebody: a guest will do. */
export function ComeIn() {
  const t = useText('match')
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      await client.guest()
      playerChanged()
    },
  })
  return (
    <Empty title={t('comeIn')} text={t('comeInText')}>
      <Button data-testid="come-in" disabled={isPending} onClick={() => mutate()}>
        {t('comeInAsGuest')}
      </Button>
      <div role="alert">{error !== null && <p className="text-sm text-warn">{sentenceOf(error)}</p>}</div>
    </Empty>
  )
}
