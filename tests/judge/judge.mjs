// Reads lines from standard input until it ends, each a list of questions {policies, action, resource, principal, context,
// trust} as JSON, and answers each with a line: the list of answers, in the same order, "Allowed", "ImplicitlyDenied" or
// "ExplicitlyDenied"; or what is wrong with a question, as {error}.

import { runSimulation } from '@cloud-copilot/iam-simulate'
import { answerLines } from './lines.mjs'

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

await answerLines((questions) => Promise.all(questions.map(answer)))
