/** What Grafana cannot do when it is the alerting engine. */
import { type Problem, problem } from '../document.ts';
import type { Spec } from '../schema/spec.ts';

const ENGINE = ['alerting', 'engine'] as const;

/** Grafana has one mail server for everything it sends. */
function findMailProblems({ alerting }: Spec): readonly Problem[] {
  const mails = alerting.receivers.flatMap(({ email }, i) => (email === undefined ? [] : [{ email, i }]));
  const [first] = mails;
  if (first === undefined) return [];
  const secretText = (value: unknown) => JSON.stringify(value ?? null);
  return mails.flatMap(({ email, i }) =>
    (['smarthost', 'from', 'user', 'password', 'requireTls'] as const)
      .filter((key) => secretText(email[key]) !== secretText(first.email[key]))
      .map((key) =>
        problem(
          email[key] === undefined
            ? ['alerting', 'receivers', i, 'email']
            : ['alerting', 'receivers', i, 'email', key],
          `differs in \`${key}\` from \`alerting.receivers[${first.i}]\`: Grafana sends all mail through one server`,
        ),
      ),
  );
}

function findTelegramProblems({ alerting }: Spec): readonly Problem[] {
  return alerting.receivers.flatMap(({ telegram }, i) =>
    telegram?.apiUrl === undefined
      ? []
      : [
          problem(
            ['alerting', 'receivers', i, 'telegram', 'apiUrl'],
            "is not possible with `alerting.engine: grafana`, which always uses Telegram's own address",
          ),
        ],
  );
}

/** Problems of a spec that asks for Grafana as the engine; none for any other. */
export function findGrafanaEngineProblems(spec: Spec): readonly Problem[] {
  if (spec.alerting.engine !== 'grafana') return [];
  const missing = spec.grafana.enabled
    ? []
    : [problem(ENGINE, 'is grafana, and `grafana.enabled` is false: nobody would watch')];
  return [...missing, ...findMailProblems(spec), ...findTelegramProblems(spec)];
}
