"""What was paid, tried, granted and owed, as sentences."""

from collections.abc import Mapping

from app.web.money import money
from domain import lending, payment, standing, subscription
from domain.billed import Billed, Status
from domain.entitlement import Because
from domain.limit_words import every
from domain.payment import Ending
from domain.plan import Plan
from domain.table.words import Words

PLANS: Mapping[str, Words] = {
    Plan.FREE: Words(ru="Бесплатный", en="Free"),
    Plan.STARTER: Words(ru="Starter", en="Starter"),
    Plan.PRO: Words(ru="Pro", en="Pro"),
    Plan.ENTERPRISE: Words(ru="Enterprise", en="Enterprise"),
}
STATUSES: Mapping[str, Words] = {
    Status.INCOMPLETE: Words(ru="первый платёж не прошёл", en="its first payment has not arrived"),
    Status.INCOMPLETE_EXPIRED: Words(
        ru="первый платёж так и не пришёл", en="its first payment never arrived"
    ),
    Status.TRIALING: Words(ru="пробный период", en="on trial"),
    Status.ACTIVE: Words(ru="оплачена", en="paid"),
    Status.PAST_DUE: Words(ru="платёж не прошёл", en="past due"),
    Status.UNPAID: Words(ru="не оплачена", en="unpaid"),
    Status.CANCELED: Words(ru="закончилась", en="ended"),
    Status.PAUSED: Words(ru="на паузе", en="paused"),
    Status.OTHER: Words(ru="состояние неизвестно", en="in a state unknown to us"),
}
BECAUSE: Mapping[str, Words] = {
    Because.PAID: Words(ru="оплачен", en="paid"),
    Because.GRANT: Words(ru="предоставлен поддержкой", en="granted by our staff"),
    Because.GRACE: Words(ru="платёж ожидается", en="a payment is awaited"),
    Because.TRIAL: Words(ru="пробный период", en="on trial"),
    Because.FREE: Words(ru="бесплатно", en="free of charge"),
}
ENDINGS: Mapping[str, Words] = {
    Ending.OVERDUE: Words(ru="просрочен", en="is overdue"),
    Ending.UNCOLLECTIBLE: Words(ru="признан безнадёжным", en="was given up"),
    Ending.VOIDED: Words(ru="аннулирован", en="was voided"),
}
_MOMENT = Words(ru="{moment} МСК", en="at {moment} Moscow time")
_UNTIL = Words(ru="до {moment} МСК", en="until {moment} Moscow time")
OTHER_PRICE = Words(ru="неизвестная цена", en="a price unknown to us")
NEVER = Words(ru="бессрочно", en="without an end")
TIMES: Mapping[str, tuple[Words, Words]] = {
    "at": (_MOMENT, Words(ru="как только будет оплачено", en="as soon as it is paid")),
    "next_at": (_MOMENT, Words(ru="не назначена", en="none")),
    "paid_until": (_UNTIL, NEVER),
    "trial_until": (_UNTIL, Words(ru="больше нет", en="to nothing")),
}
ALL_PAID = Words(ru="всё оплачено", en="all is paid")
NOT_PAID = Words(ru="оплаты не было", en="it did not come")
MONEY_STAYS = Words(ru="платёж остаётся в силе", en="the payment stands")
MONEY_WENT_BACK = Words(ru="деньги вернулись плательщику", en="the money went back to the payer")
WORDS = {"plan": PLANS, "former": PLANS, "status": STATUSES, "because": BECAUSE, "ending": ENDINGS}

SENTENCES: Mapping[type, Words] = {
    subscription.Started: Words(
        ru="{who}: начат тариф «{plan}»", en="{who} started the {plan} plan"
    ),
    subscription.LimitsKept: Words(
        ru="{who}: сохранены прежние пределы: товаров {products}, обновление раз в {every}",
        en="{who} kept the limits from before: {products} products, a sync every {every}",
    ),
    lending.TrialStarted: Words(
        ru="{who}: начат пробный период тарифа «{plan}», {until}",
        en="{who} began to try the {plan} plan, {until}",
    ),
    lending.AccessGranted: Words(
        ru="{who}: предоставлен тариф «{plan}», {until}, основание: {reason}",
        en="{who} granted the {plan} plan, {until}, reason: {reason}",
    ),
    lending.AccessWithdrawn: Words(
        ru="{who}: предоставленный тариф отозван, основание: {reason}",
        en="{who} withdrew the plan that was granted, reason: {reason}",
    ),
    subscription.CustomerLinked: Words(
        ru="{who}: компания стала клиентом {customer} в Stripe",
        en="{who} made the company the customer {customer} at Stripe",
    ),
    subscription.PlanInForce: Words(
        ru="{who}: действует тариф «{plan}» ({because}), {until}",
        en="{who}: the {plan} plan is in force ({because}), {until}",
    ),
    standing.Subscribed: Words(
        ru="{who}: оформлена подписка: {billed}", en="{who}: a subscription has begun: {billed}"
    ),
    standing.PaidTimeLeft: Words(
        ru="{who}: тариф «{plan}» оплачен и остаётся {until}",
        en="{who}: the {plan} plan is paid and stays {until}",
    ),
    standing.PlanChanged: Words(
        ru="{who}: тариф подписки изменён: «{plan}» вместо «{former}»",
        en="{who} changed the plan of the subscription from {former} to {plan}",
    ),
    standing.StatusChanged: Words(
        ru="{who}: подписка теперь: {status}", en="{who}: the subscription is now {status}"
    ),
    standing.PeriodRenewed: Words(
        ru="{who}: оплачено {paid_until}", en="{who}: it is paid {paid_until}"
    ),
    standing.TrialMoved: Words(
        ru="{who}: пробный период подписки, {trial_until}",
        en="{who} moved the trial of the subscription, {trial_until}",
    ),
    standing.CancellationScheduled: Words(
        ru="{who}: подписка закончится {at}", en="{who}: the subscription ends {at}"
    ),
    standing.CancellationRevoked: Words(
        ru="{who}: отмена подписки отозвана", en="{who} took the cancellation back"
    ),
    standing.CollectionPaused: Words(
        ru="{who}: списания остановлены", en="{who} paused the collection of payments"
    ),
    standing.CollectionResumed: Words(
        ru="{who}: списания возобновлены", en="{who} resumed the collection of payments"
    ),
    standing.PlanChangeAgreed: Words(
        ru="{who}: тариф сменится на «{plan}», {at}", en="{who}: the plan becomes {plan}, {at}"
    ),
    standing.PlanChangeDropped: Words(
        ru="{who}: смена тарифа отменена или состоялась",
        en="{who}: the change of plan was dropped, or made",
    ),
    standing.PaymentMethodChanged: Words(
        ru="{who}: изменён способ оплаты", en="{who} changed the way of paying"
    ),
    standing.GraceStarted: Words(
        ru="{who}: платёж не прошёл, тариф сохраняется {until}",
        en="{who}: a payment failed, the plan is kept {until}",
    ),
    standing.GraceEnded: Words(
        ru="{who}: ожидание платежа закончено: {outcome}",
        en="{who}: the wait for the payment is over: {outcome}",
    ),
    payment.CheckoutCompleted: Words(
        ru="{who}: оплата на странице Stripe завершена", en="{who} completed the checkout"
    ),
    payment.CheckoutPaid: Words(
        ru="{who}: деньги за оформленную подписку пришли",
        en="{who}: what was owed at the checkout has arrived",
    ),
    payment.CheckoutPaymentFailed: Words(
        ru="{who}: деньги за оформленную подписку не пришли",
        en="{who}: what was owed at the checkout did not arrive",
    ),
    payment.CheckoutExpired: Words(
        ru="{who}: страница оплаты устарела", en="{who}: the checkout has expired"
    ),
    payment.InvoicePaid: Words(
        ru="{who}: оплачен счёт {invoice}, {money}",
        en="{who}: the invoice {invoice} is paid, {money}",
    ),
    payment.InvoicePaymentFailed: Words(
        ru="{who}: платёж по счёту {invoice} не прошёл, попытка {attempt}, следующая {next_at}",
        en="{who}: attempt {attempt} to pay the invoice {invoice} failed, the next: {next_at}",
    ),
    payment.PaymentActionRequired: Words(
        ru="{who}: банк ждёт подтверждения платежа по счёту {invoice}",
        en="{who}: the bank asks for a confirmation of the payment of {invoice}",
    ),
    payment.InvoiceStuck: Words(
        ru="{who}: счёт {invoice} не удалось выставить ({cause})",
        en="{who}: the invoice {invoice} could not be made final ({cause})",
    ),
    payment.InvoiceEnded: Words(
        ru="{who}: счёт {invoice} {ending}", en="{who}: the invoice {invoice} {ending}"
    ),
    payment.RenewalUpcoming: Words(
        ru="{who}: скоро продление, {money}, {at}", en="{who}: a renewal is near, {money}, {at}"
    ),
    payment.TrialEndingSoon: Words(
        ru="{who}: пробный период подписки скоро закончится, {at}",
        en="{who}: the trial of the subscription ends soon, {at}",
    ),
    payment.PendingChangeEnded: Words(
        ru="{who}: смена тарифа, ждавшая оплаты, завершена",
        en="{who}: the change of plan that waited for its payment is over",
    ),
    payment.Refunded: Words(ru="{who}: возвращено {money}", en="{who} gave back {money}"),
    payment.RefundFailed: Words(
        ru="{who}: возврат {refund} не удался", en="{who}: the refund {refund} failed"
    ),
    payment.DisputeOpened: Words(
        ru="{who}: платёж оспорен, {money}", en="{who}: a payment is disputed, {money}"
    ),
    payment.DisputeClosed: Words(
        ru="{who}: спор о платеже закрыт: {outcome} ({dispute})",
        en="{who}: the dispute of a payment is closed: {outcome} ({dispute})",
    ),
    payment.BillingContactChanged: Words(
        ru="{who}: изменены данные плательщика", en="{who} changed where bills go"
    ),
    payment.CustomerDeleted: Words(
        ru="{who}: клиент {customer} удалён в Stripe",
        en="{who}: the customer {customer} was deleted at Stripe",
    ),
    payment.EntitlementsChanged: Words(
        ru="{who}: в Stripe изменены возможности клиента",
        en="{who} changed at Stripe what the customer may use",
    ),
}


def more_of(event: object, language: str) -> Mapping[str, object]:
    """What the sentences above say besides the fields of the fact."""
    match event:
        case subscription.LimitsKept(interval=minutes):
            return {"every": minutes and every(minutes).told(language)}
        case subscription.PlanInForce(until=None):
            return {"until": NEVER.say(language)}
        case standing.GraceEnded(recovered=good):
            return {"outcome": (ALL_PAID if good else NOT_PAID).say(language)}
        case payment.DisputeClosed(won=good):
            return {"outcome": (MONEY_STAYS if good else MONEY_WENT_BACK).say(language)}
        case (
            payment.InvoicePaid()
            | payment.RenewalUpcoming()
            | payment.Refunded()
            | payment.DisputeOpened()
        ):
            known = event.currency and money(event.amount, event.currency, language)
            return {"money": known or ""}
        case _:
            return {}


def in_short(billed: Billed, language: str) -> str:
    """Which plan, how it stands, and what the provider calls it."""
    plan = PLANS[billed.plan].say(language) if billed.plan else OTHER_PRICE.say(language)
    return f"{plan}, {STATUSES[billed.status].say(language)} ({billed.subscription})"
