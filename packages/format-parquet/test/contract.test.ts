import { formatContract } from '@x/formats/contract-suite';
import { parquet } from '@x/format-parquet';

formatContract({
  format: parquet(),
  keepsColumnsOfNoRows: true,
  cut: 'refused',
  lateColumns: 'refused',
  values: { brokenText: 'refused' },
});
