interface ChoiceProps<Value> {
  /** Stands beside the box; may be empty when `hiddenLabel` says it. */
  readonly label: string;
  readonly hiddenLabel?: string;
  readonly value: Value;
  readonly options: readonly Value[];
  readonly name: (value: Value) => string;
  readonly pick: (value: Value) => void;
}

/** A native select box over values of any kind; a value outside the options is added to them. */
export function Choice<Value extends number | string | null>(props: ChoiceProps<Value>) {
  const { label, hiddenLabel, value, options, name, pick } = props;
  const offered = options.includes(value) ? options : [value, ...options];
  return (
    <label className="choice">
      {hiddenLabel && <span className="hidden-text">{hiddenLabel}</span>}
      <select
        value={String(value)}
        onChange={(event) => {
          const picked = offered.find((option) => String(option) === event.target.value);
          if (picked !== undefined) pick(picked);
        }}
      >
        {offered.map((option) => (
          <option key={String(option)} value={String(option)}>
            {name(option)}
          </option>
        ))}
      </select>{' '}
      {label}
    </label>
  );
}
