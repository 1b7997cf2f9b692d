import { useLanguage, useText } from '../i18n/i18n.ts'
import { chooseLanguage, LANGUAGE_CHOICES } from '../language.ts'
import { usePreference } from '../preferences.ts'
import { Card } from '../ui/card.tsx'
import { Choice } from '../ui/choice.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { Switch } from '../ui/switch.tsx'

/** How somebody likes the page and the game; for everybody, signed in or not. */
export function Settings() {
  const t = useText('settings')
  usePageTitle(t('title'))
  return (
    <>
      <div>
        <h1 className="text-2xl font-bold tracking-tight sm:text-3xl">{t('title')}</h1>
        <p className="mt-1 text-soft">{t('kept')}</p>
      </div>
      <OfThePage />
      <OfTheGame />
    </>
  )
}

function OfThePage() {
  const t = useText('settings')
  const tFrame = useText('frame')
  const language = useLanguage()
  const [theme, setTheme] = usePreference('theme')
  const [motion, setMotion] = usePreference('motion')
  return (
    <Card title={t('page')}>
      <div className="flex flex-col gap-2">
        <span className="text-sm text-soft">{tFrame('language')}</span>
        <Choice
          label={tFrame('language')}
          value={language}
          choices={LANGUAGE_CHOICES}
          onChoose={(chosen) => void chooseLanguage(chosen)}
        />
      </div>
      <div className="flex flex-col gap-2">
        <span className="text-sm text-soft">{tFrame('theme')}</span>
        <Choice
          label={tFrame('theme')}
          value={theme}
          choices={[
            { value: 'system', text: tFrame('themeSystem') },
            { value: 'light', text: tFrame('themeLight') },
            { value: 'dark', text: tFrame('themeDark') },
          ]}
          onChoose={setTheme}
        />
      </div>
      <Switch
        label={t('motion')}
        hint={t('motionHint')}
        isOn={motion === 'less'}
        onTurn={(isOn) => setMotion(isOn ? 'less' : 'system')}
        testId="motion"
      />
    </Card>
  )
}

function OfTheGame() {
  const t = useText('settings')
  const [isMuted, setIsMuted] = usePreference('isMuted')
  const [aimSide, setAimSide] = usePreference('aimSide')
  return (
    <Card title={t('game')}>
      <Switch
        label={t('sound')}
        hint={t('soundHint')}
        isOn={!isMuted}
        onTurn={(isOn) => setIsMuted(!isOn)}
        testId="sound"
      />
      <div className="flex flex-col gap-2">
        <span className="text-sm text-soft">{t('aim')}</span>
        <Choice
          label={t('aim')}
          value={aimSide}
          choices={[
            { value: 'left', text: t('aimLeft') },
            { value: 'right', text: t('aimRight') },
          ]}
          onChoose={setAimSide}
        />
      </div>
    </Card>
  )
}
