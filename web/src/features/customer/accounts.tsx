import { Link } from "react-router";
import type { Contact, LinkedAccount } from "@/client/types.gen";
import type { CellField } from "@/shared/csv";
import { formatNumber } from "@/shared/format/number";
import { customerPath } from "@/shared/navigation/paths";
import { CsvButton, CsvOfRows } from "@/shared/ui/csv-button";
import { Section } from "@/shared/ui/section";
import { Empty } from "@/shared/ui/state";
import { Status } from "@/shared/ui/status";
import { Value } from "@/shared/ui/value";

const ACCOUNT_COLUMNS = [
  "account_id",
  "account_name",
  "region",
  "country_code",
  "mrr_usd",
  "health_score",
  "health_category",
] as const;
const CONTACT_COLUMNS: CellField<Contact>[] = [
  "contact_id",
  "account_id",
  "region",
  "full_name",
  "title",
  "email",
  "phone",
];

/** The accounts that make up the customer, and why they are taken for one. */
export function Accounts({ accounts }: { accounts: LinkedAccount[] }) {
  return (
    <Section
      title="Accounts and links"
      hint="Why they are one customer"
      actions={
        <CsvButton
          name="Accounts and links"
          columns={[...ACCOUNT_COLUMNS, "link_method", "link_confidence", "link_evidence"]}
          rows={accounts.map((account) => [
            ...ACCOUNT_COLUMNS.map((name) => account[name]),
            account.link?.method,
            account.link?.confidence,
            account.link?.evidence,
          ])}
        />
      }
    >
      <ul>
        {accounts.map((account) => (
          <li
            key={account.account_id}
            className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-t py-1.5 first:border-t-0"
          >
            <Link to={customerPath(account.account_id)} className="text-accent hover:underline">
              {account.account_name}
            </Link>
            <Value value={account.mrr_usd} unit="money" missing="No service is active" />
            <span className="text-muted text-xs">
              {[account.country_code, account.region].filter(Boolean).join(", ")}
              {account.link && `, linked: ${linkWords(account.link)}`}
            </span>
            <span className="text-xs">
              {account.health_category ? <Status word={account.health_category} /> : "Not scored"}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function linkWords(link: NonNullable<LinkedAccount["link"]>): string {
  const evidence = link.evidence ? ` (${link.evidence})` : "";
  const confidence =
    link.confidence === null ? "" : `, confidence ${formatNumber(link.confidence)} of 100`;
  return `${link.method}${confidence}${evidence}`;
}

export function Contacts({ contacts }: { contacts: Contact[] }) {
  return (
    <Section
      title="Contacts"
      actions={<CsvOfRows name="Contacts" columns={CONTACT_COLUMNS} rows={contacts} />}
    >
      {contacts.length === 0 ? (
        <Empty title="No contacts on record" />
      ) : (
        <ul>
          {contacts.map((contact) => (
            <li key={contact.contact_id} className="border-t py-1.5 first:border-t-0">
              <div className="flex justify-between gap-3">
                <span>{contact.full_name ?? "Without a name"}</span>
                <span className="text-right text-muted">
                  {[contact.title, contact.region].filter(Boolean).join(", ")}
                </span>
              </div>
              <div className="flex flex-wrap gap-x-3 text-xs">
                {contact.email && (
                  <a href={`mailto:${contact.email}`} className="text-accent hover:underline">
                    {contact.email}
                  </a>
                )}
                {contact.phone && (
                  <a href={`tel:${contact.phone}`} className="text-accent hover:underline">
                    {contact.phone}
                  </a>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
