import type { Random } from './random.ts';

const FIRST_NAMES =
  `Ana Maria Juliana Fernanda Camila Patrícia Aline Bruna Letícia Larissa Beatriz Mariana Gabriela Amanda Vanessa Luciana
Débora Natália Rafaela Isabela Carolina Jéssica Tatiane Cláudia Sônia Helena Alice Laura Manuela Sofia Lívia Valentina
Cecília Heloísa Lorena Yasmin Raquel Simone Viviane Elaine João José Antônio Carlos Paulo Pedro Lucas Luiz Marcos Gabriel
Rafael Daniel Marcelo Bruno Eduardo Felipe Rodrigo Gustavo Leonardo Thiago André Fábio Diego Vinícius Leandro Ricardo
Matheus Guilherme Henrique Caio Murilo Otávio Davi Arthur Bernardo Heitor Enzo Miguel Samuel Benício Joaquim Vicente Ítalo
Cauã Sérgio Márcio Renato Alexandre Roberto Fernando Jorge Júlio César Igor Nathan Wesley Anderson Everton Cristiano Moisés
Estêvão Zélia Conceição`.split(/\s+/);

const SURNAMES =
  `Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro Martins Carvalho Almeida Lopes
Soares Fernandes Vieira Barbosa Rocha Dias Nascimento Andrade Moreira Nunes Marques Machado Mendes Freitas Cardoso Ramos
Gonçalves Santana Teixeira Araújo Pinto Cavalcanti Monteiro Moura Correia Batista Campos Barros Farias Melo Castro Peixoto
Azevedo Brandão Coelho Duarte Figueiredo Guimarães Leal Macedo Magalhães Meireles Nogueira Pacheco Paiva Prado Queiroz
Rezende Sampaio Siqueira Tavares Toledo Vasconcelos Xavier Assunção Conceição Falcão Simões Brito Bezerra Aguiar Amaral
Antunes Borges Camargo Cordeiro Dantas Esteves Fonseca Furtado Garcia Lacerda Matos Medeiros Neves Pimentel Rangel Salgado
Serra Torres Vargas Viana Zanetti`.split(/\s+/);

/** Domains reserved for examples (RFC 2606). */
const MAIL_DOMAINS = ['example.com', 'example.net', 'example.org'] as const;

interface Word {
  readonly written: string;
  /** As written in an address: lower case, without accents. */
  readonly plain: string;
}

const firstNames = FIRST_NAMES.map(toWord);
const surnames = SURNAMES.map(toWord);

function toWord(written: string): Word {
  return { written, plain: plainText(written) };
}

/** Lower case, without accents, words joined by hyphens. */
export function plainText(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** A person in the user table. */
export interface PersonName {
  readonly name: string;
  readonly email: string;
}

/** @param ordinal makes the address unique */
export function personName(random: Random, ordinal: number): PersonName {
  const first = random.pick(firstNames);
  const last = random.pick(surnames);
  const middle = random.chance(0.4) ? ` ${random.pick(surnames).written}` : '';
  return {
    name: `${first.written}${middle} ${last.written}`,
    email: `${first.plain}.${last.plain}${ordinal}@${random.pick(MAIL_DOMAINS)}`,
  };
}
