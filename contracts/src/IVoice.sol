// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IVoice
/// @notice What the governance token has beside ERC-20 and votes (ERC-5805).
interface IVoice {
    /// @notice Voice was made for the work of a week.
    event Minted(uint256 indexed week, uint256 amount);

    /// @notice The caller is not the one contract that may mint.
    error NotMinter(address caller);
    /// @notice The week is not over yet.
    error WeekNotOver(uint256 week);
    /// @notice More than {WEEKLY_CAP} would be made for one week.
    error OverCap(uint256 week, uint256 amount);

    /// @notice Makes voice for a week that is over, and gives it to the minter, which hands it out. Only the minter.
    /// @param week Weeks of 7 days since 1970-01-01T00:00Z.
    function mint(uint256 week, uint256 amount) external;

    /// @notice Destroys voice of the caller.
    function burn(uint256 amount) external;

    /// @notice How much was made for a week.
    function minted(uint256 week) external view returns (uint256 amount);

    /// @notice The one contract that may mint: Rewards.
    function minter() external view returns (address);

    /// @notice Most that can ever be made for one week. Nobody can raise it.
    function WEEKLY_CAP() external view returns (uint256);

    /// @notice What this token is, and what it is not.
    function notice() external pure returns (string memory);
}
