// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What a company is founded by.
/// @param registrar Lets persons in and issues shares, until holders name another.
/// @param cap How many shares there may be, until holders decide otherwise; at least 1.
/// @param currency What dividends and the reserve are in: zero is the chain's own money, else an ERC-20 token. For ever.
/// @param salt Makes companies of the same terms differ.
struct CompanyTerms {
    address registrar;
    uint32 cap;
    address currency;
    bytes32 salt;
}

/// @title ICompanies
/// @notice Makes companies: share registers of persons ({ICompany}).
interface ICompanies {
    /// @notice A company was founded.
    event Founded(address indexed company, CompanyTerms terms);

    /// @notice There is no registrar or no cap, or the currency is no contract.
    error BadTerms();

    /// @notice Founds a company. Anyone may, and once for the same terms; who calls has no say in it.
    function found(CompanyTerms calldata terms) external returns (address company);

    /// @notice Where the company of these terms is or would be (CREATE2, EIP-1014): a contract at any other address is none
    /// of these companies.
    function companyOf(CompanyTerms calldata terms) external view returns (address company);
}
