import type { Random } from '../kernel/random.ts';

const adjectives = [
  'able agile amber ample apt azure bold brave bright brisk',
  'calm candid clear clever cosy crisp daring deft eager early',
  'fair fleet fond frank fresh gentle glad golden grand hardy',
  'hearty honest jolly keen kind lively loyal lucid merry mild',
  'modest neat nimble noble patient placid plucky proud quick quiet',
  'rapid ready rosy sage serene sharp silver smart snug sober',
  'spry steady sturdy sunny swift tidy trusty vivid warm witty',
].flatMap((line) => line.split(' '));

const animals = [
  'alpaca antelope badger beaver bison bittern bobcat camel caracal condor',
  'cormorant coyote crane cuckoo curlew dingo dolphin dormouse eagle egret',
  'falcon ferret finch gazelle gecko gibbon grouse hare hedgehog heron',
  'ibex ibis iguana jackdaw jaguar kestrel kingfisher lapwing lemur leopard',
  'lynx magpie marmot marten meerkat narwhal newt ocelot oriole osprey',
  'otter panda pelican petrel plover puffin quail raven robin salmon',
  'seal shrew stoat swallow tapir tern thrush toucan vole wombat',
].flatMap((line) => line.split(' '));

/** Two words for people: 'brisk-heron'. Not an id: two runs can have the same. */
export function runName(random: Random): string {
  return `${oneOf(adjectives, random)}-${oneOf(animals, random)}`;
}

function oneOf(list: readonly string[], random: Random): string {
  return list[Math.floor(random() * list.length)] ?? '';
}
