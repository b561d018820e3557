// Reads a list of questions {policies, action, resource, principal, context, trust} as JSON from standard input and writes
// the list of answers, in the same order: "Allowed", "ImplicitlyDenied" or "ExplicitlyDenied".

import { readFileSync } from 'node:fs'
import { runSimulation } from '@cloud-copilot/iam-simulate'

async function answer({ policies, action, resource, principal, context, trust }) {
  const result = await runSimulation(
    {
      identityPolicies: policies.map((policy, index) => ({ name: `policy-${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: trust,
      request: {
        action,
        principal,
        resource: { resource, accountId: principal.split(':')[4] },
        contextVariables: context,
      },
    },
    {}
  )
  if (result.resultType === 'error') {
    throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`)
  }
  return result.overallResult
}

const questions = JSON.parse(readFileSync(0, 'utf8'))
process.stdout.write(JSON.stringify(await Promise.all(questions.map(answer))))
