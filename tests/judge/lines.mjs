// A line of JSON in, a line of JSON out, until standard input ends: starting node takes longer than most answers.

import { createInterface } from 'node:readline'

export async function answerLines(answer) {
  for await (const line of createInterface({ input: process.stdin })) {
    let answers
    try {
      answers = await answer(JSON.parse(line))
    } catch (error) {
      answers = { error: error.message }
    }
    process.stdout.write(JSON.stringify(answers) + '\n')
  }
}
