import fc from 'fast-check';
import { cents, code, instantNear, name, type Setting, spelt, textKeys, unknownCode } from './arbitrary-values.ts';

const names = (value: fc.Arbitrary<string>) => fc.option(value, { freq: 4 });
const userKey = fc.constantFrom(...textKeys('user', 9), 'nobody');
const externalKeys = ['ext-1', '111', '222', 'Ext-2', 'é1'];
const mercadoPagoKeys = ['111', '222', '333', '', '111'];
const planKey = fc.constantFrom(1, 2, 3, 5, 8, 404);
const fileKey = fc.integer({ min: 1, max: 16 });

const paymentStatus = code(
  [
    ...['approved', 'aprovado', 'pending', 'in_process', 'cancelled', 'cancelado', 'pendente'],
    ...['authorized', 'autorizado', 'rejected', 'recusado', 'refunded', 'reembolsado'],
    ...['charged_back', 'chargeback', 'in_mediation', 'em disputa', 'started', 'iniciando'],
  ],
  4,
);

const subscriptionStatus = code(
  ['authorized', 'active', 'cancelled', 'paused', 'pending', 'rejected', 'refunded', 'refund_pending'],
  3,
);

/** Keys come from a pool that is not much larger than the count of rows, so that they meet. */
export function userRows({ now, timeZone, count }: Setting) {
  const row = fc.record({
    Id: fc.constantFrom(...textKeys('user', count)),
    Name: names(name),
    Email: names(fc.constantFrom('ana@example.com', 'ANA@example.com', 'z@example.com', '')),
    EmailConfirmed: fc.boolean(),
    CreatedAt: fc.option(instantNear(now, timeZone), { freq: 4 }),
  });
  return fc.uniqueArray(row, { size: 'max', maxLength: count, selector: ({ Id }) => Id });
}

export function paymentRows({ now, timeZone, count }: Setting) {
  const row = fc.record({
    Id: fc.constantFrom(...textKeys('pay', count)),
    ExternalId: fc.constantFrom(...externalKeys, ...textKeys('ext', count).slice(12)),
    PaymentId: fc.option(fc.constantFrom(...mercadoPagoKeys), { freq: 4 }),
    UserId: userKey,
    Status: paymentStatus,
    PayerEmail: fc.constantFrom('ana@example.com', 'z@example.com'),
    Method: fc.oneof(spelt('pix', 'credit_card', 'boleto', 'Cartão'), unknownCode),
    Installments: fc.constantFrom(1, 12),
    DateApproved: fc.option(instantNear(now, timeZone)),
    Amount: cents,
    SubscriptionId: fc.constantFrom('b2', 'A1', 'none'),
    CreatedAt: instantNear(now, timeZone),
    UpdatedAt: fc.option(instantNear(now, timeZone)),
  });
  return fc.uniqueArray(row, {
    size: 'max',
    maxLength: count,
    comparator: (left, right) => left.Id === right.Id || left.ExternalId === right.ExternalId,
  });
}

export function subscriptionRows({ now, timeZone, count }: Setting) {
  const row = fc.record({
    Id: fc.constantFrom(...textKeys('sub', count)),
    ExternalId: fc.constant('preapproval'),
    UserId: userKey,
    Status: subscriptionStatus,
    PlanId: planKey,
    CurrentAmount: fc.constantFrom(0, 0, 0, 1, 1, 1, 12, 7, 19, 29, 100, 1_000_000),
    CurrentPeriodStartDate: instantNear(now, timeZone),
    CurrentPeriodEndDate: instantNear(now, timeZone),
    CreatedAt: instantNear(now, timeZone),
    UpdatedAt: fc.option(instantNear(now, timeZone), { freq: 4 }),
  });
  return fc.uniqueArray(row, { size: 'max', maxLength: count, selector: ({ Id }) => Id });
}

export function planRows() {
  const row = fc.record({
    Id: planKey.filter((key) => key !== 404),
    PublicId: fc.constant('3f2504e0-4f89-11d3-9a0c-0305e82c3301'),
    Name: fc.constantFrom('Mensal', 'Mensal', 'mensal', 'Anual', 'Ânual', ''),
    TransactionAmount: cents,
    CurrencyId: fc.constant('BRL'),
    FrequencyInterval: fc.constantFrom(1, 1, 1, 12, 12, 365, 365, 2, 3, 7, 30, 0, -1, -12),
    FrequencyType: fc.oneof(
      { weight: 4, arbitrary: spelt('Days', 'Months') },
      { weight: 1, arbitrary: fc.constantFrom('Weeks', '', 'day', 'Day s') },
    ),
    IsActive: fc.boolean(),
  });
  return fc.uniqueArray(row, { size: 'max', maxLength: 6, selector: ({ Id }) => Id });
}

export function claimRows({ now, timeZone, count }: Setting) {
  const row = fc.record({
    Id: fc.integer({ min: 1, max: count * 2 }),
    MpClaimId: fc.constantFrom(1, 5_000_000_001, 4_294_967_296, 9_007_199_254_740_991),
    ResourceId: fc.option(fc.constantFrom(...mercadoPagoKeys, ...externalKeys, 'nothing'), { freq: 5 }),
    Type: code(['Mediations', '0', 'Return', '2', '1', '3', '4', 'CancelPurchase', 'CancelSale', 'Change'], 4),
    ResourceType: fc.option(fc.constantFrom('Payment', 'Order')),
    CurrentStage: fc.option(code(['Claim', 'Dispute', 'Recontact', 'None'], 2), { freq: 4 }),
    DataCreated: instantNear(now, timeZone),
    Status: fc.constantFrom(0, 1, 2, 3, 4, 0, 1, 3, 4, 5, -1, -10, 99),
    UserId: fc.option(userKey, { freq: 4 }),
    UpdatedAt: fc.option(instantNear(now, timeZone), { freq: 4 }),
  });
  return fc.uniqueArray(row, { size: 'max', maxLength: count, selector: ({ Id }) => Id });
}

export function chargebackRows({ now, timeZone, count }: Setting) {
  const row = fc.record({
    Id: fc.integer({ min: 1, max: count * 2 }),
    ChargebackId: fc.constantFrom(1, 5_000_000_001),
    PaymentId: fc.constantFrom(111, 222, 999),
    UserId: fc.option(userKey),
    Status: fc.constantFrom(0, 1, 2, 3, 4, 3, 4, 5, -1),
    Amount: cents,
    CreatedAt: instantNear(now, timeZone),
  });
  return fc.uniqueArray(row, { size: 'max', maxLength: count, selector: ({ Id }) => Id });
}

export function courseRows({ count }: Setting) {
  const row = fc.record({
    Id: fc.integer({ min: 1, max: count + 3 }),
    PublicId: fc.constant('3f2504e0-4f89-11d3-9a0c-0305e82c3301'),
    Name: name,
    Description: fc.constant(''),
    IsActive: fc.boolean(),
  });
  return fc.uniqueArray(row, { size: 'max', maxLength: count, selector: ({ Id }) => Id });
}

export function videoRows({ now, timeZone, count }: Setting) {
  const row = fc.record({
    Id: fc.integer({ min: 1, max: count * 2 }),
    Title: name,
    UploadDate: instantNear(now, timeZone),
    Duration: fc.oneof(
      fc.constantFrom(0, 1, 3_000_000, 2_999_999, 6_000_000, 15_000_000, 600_000_000, 36_000_000_000, 863_999_999_999),
      fc.integer({ min: 0, max: 863_999_999_999 }),
    ),
    Status: fc.constantFrom(0, 1, 2, 1, 3, -1),
    CourseId: fc.constantFrom(1, 2, 3, 4, 5, 404),
    FileId: fc.oneof(fileKey, fc.constantFrom(1, 2, 404)),
  });
  return fc.uniqueArray(row, { size: 'max', maxLength: count, selector: ({ Id }) => Id });
}

export function fileRows({ now, timeZone, count }: Setting) {
  const mega = 1024 ** 2;
  const giga = 1024 ** 3;
  const row = fc.record({
    Id: fc.oneof(fileKey, fc.integer({ min: 1, max: count * 2 })),
    NomeArquivo: name,
    ContentType: fc.constantFrom('video/mp4', 'image/png'),
    FeatureCategoria: fc.constantFrom(
      ...[
        'Videos',
        ' Videos ',
        'videos',
        'Avatares',
        '',
        '   ',
        'Sem Categoria',
        'sem categoria',
        'São',
        'constructor',
      ],
    ),
    TamanhoBytes: fc.oneof(
      fc.constantFrom(0, 1, 5_242, 5_243, mega / 8, (3 * mega) / 8, mega, giga / 8, (3 * giga) / 8, giga, 10 * giga),
      fc.integer({ min: 0, max: 200 * giga }),
    ),
    CriadoEm: fc.option(instantNear(now, timeZone), { freq: 4 }),
    ModificadoEm: fc.option(instantNear(now, timeZone), { freq: 4 }),
  });
  return fc.uniqueArray(row, { size: 'max', maxLength: count, selector: ({ Id }) => Id });
}
