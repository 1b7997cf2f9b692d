import { Link } from '@tanstack/react-router'
import { useText } from '../i18n/i18n.ts'
import { buttonLook } from '../ui/button.tsx'
import { Empty } from '../ui/states.tsx'

/** In place of a page about the player, when nobody is signed in. */
export function SignInFirst() {
  const t = useText('entry')
  return (
    <Empty title={t('needed')} text={t('neededText')} level={1}>
      <div className="mt-2 flex flex-wrap justify-center gap-3">
        <Link to="/sign-in" className={buttonLook()}>
          {t('signIn')}
        </Link>
        <Link to="/sign-up" className={buttonLook('quiet')}>
          {t('signUp')}
        </Link>
      </div>
    </Empty>
  )
}
